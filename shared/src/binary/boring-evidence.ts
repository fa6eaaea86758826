import type { ModuleFacts } from './module-facts.js';
import { boringRelease } from './module/boring-releases.js';

/** What in a program calls for BoringCrypto. */
export interface BoringEvidence {
  /** Its packages are linked, whatever they call. */
  readonly linked: boolean;
  readonly claims: readonly string[];
}

export function boringEvidence({ go, names, signatures }: ModuleFacts): BoringEvidence {
  const claims: string[] = [];
  if (go?.version.experiments.includes('boringcrypto') === true) claims.push(`version ${go.version.text}`);
  if (go !== null && go.version.boringRelease !== null)
    claims.push(boringReleaseClaim(go.version.text, go.version.boringRelease));
  if (listOf(go?.module.settings['GOEXPERIMENT']).includes('boringcrypto')) claims.push('GOEXPERIMENT=boringcrypto');
  const linked = signatures.includes('boringCrypto') || names.boringCrypto || names.boringCalls;
  if (linked) claims.push('code of crypto/internal/boring');
  return { linked, claims };
}

function boringReleaseClaim(text: string, suffix: number): string {
  const release = boringRelease(suffix);
  if (release === undefined) return `version ${text}`;
  return `version ${text}, of BoringCrypto ${release.version} (${release.certificates.join(', ')})`;
}

function listOf(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(',');
}
