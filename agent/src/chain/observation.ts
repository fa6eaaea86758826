import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import type { WholeLook } from '../cycle/known-host.js';
import type { Accounting } from '@sealwatch/shared/statement/report.js';

/** The host as it was found, measured and appraised, not yet signed. */
export interface Observation {
  /** Wall clock, milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Monotonic clock, milliseconds. */
  readonly startedMonotonic: number;
  /**
   * Null: the whole host was looked at. Else only what something had happened to, and the rest stands as the look that
   * began then (wall and monotonic clock) or a later one saw it.
   */
  readonly carriedFrom: WholeLook | null;
  /** CLOCK_MONOTONIC of the host at `endedAt`, milliseconds. */
  readonly hostMonotonicMs: number;
  readonly release: { readonly version: number; readonly digest: Digest };
  /** In the order of their ids, which are distinct. */
  readonly subjects: readonly { readonly id: string; readonly body: MeasurementBody }[];
  /** Appraised at `endedAt`. */
  readonly findings: readonly Finding[];
  /** The challenge that was there before the scan began, hex. */
  readonly nonce: string | null;
  readonly accounting: Accounting;
}

/**
 * Two observations of one state are equal here: subjects with their bodies, and findings. What a finding observed
 * follows from the bodies, or is the time of day (an expired manifest), which is no change.
 */
export function stateOf({ subjects, findings }: Pick<Observation, 'subjects' | 'findings'>): Digest {
  const state = {
    subjects: subjects.map(({ id, body }) => [id, body.digest]),
    findings: findings.map(({ code, subject, expected }) => [code, subject, expected]),
  };
  return sha256(Buffer.from(JSON.stringify(state), 'utf8'));
}
