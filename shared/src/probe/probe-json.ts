import { jsonText } from '../runtime/json-text.js';
import { observationPasses } from './judge-observation.js';
import type { TlsProfile } from './profile.js';
import type { ProfileFinding } from './profile-finding.js';
import type { TlsObservation } from './tls-observation.js';

export interface JudgedProbe {
  /** As it was given. */
  readonly address: string;
  readonly observation: TlsObservation;
  readonly connections: number;
  readonly profile: TlsProfile;
  readonly findings: readonly ProfileFinding[];
}

/** Schema sealwatch/probe/v1, additive only. */
export function probeJson({ address, observation, connections, profile, findings }: JudgedProbe): string {
  return jsonText({
    schema: 'sealwatch/probe/v1',
    address,
    profile: profile.name,
    passes: observationPasses(findings),
    findings,
    observation,
    connections,
  });
}
