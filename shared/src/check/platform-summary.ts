import { type Fact, valueOf } from '../platform/fact.js';
import type { FipsState, FipsWitness } from '../platform/fips-state.js';
import { judgePlatform } from '../platform/judge-platform.js';
import type { Generation, OperatingSystem } from '../platform/operating-system.js';
import type { PlatformObservation } from '../platform/platform-observation.js';
import { type PolicyName, policyNameText } from '../platform/policy-name.js';

/** What a host says about its system and its FIPS mode, short enough for ten thousand hosts. */
export interface PlatformSummary {
  /** Null if the host does not say. */
  readonly system: {
    readonly name: string;
    readonly support: OperatingSystem['support'];
    /** Of the Enterprise Linux it is built as; null for any other system. */
    readonly generation: Generation | null;
  } | null;
  readonly kernelRelease: string | null;
  readonly fips: { readonly state: FipsState; readonly witnesses: readonly FipsWitness[] };
  /** `FIPS:OSPP`; null where there is none or it can't be read. */
  readonly cryptoPolicy: { readonly configured: string | null; readonly applied: string | null };
  /** Of the kernel and the cryptographic libraries: how many were made anew, and how many of those were the same. */
  readonly hmacs: { readonly checked: number; readonly matching: number };
}

export function platformSummary(observation: PlatformObservation): PlatformSummary {
  const { system, fips } = judgePlatform(observation);
  const { kernelRelease, cryptoPolicy, kernelImages, libraries } = observation;
  const sealed = [...kernelImages, ...(valueOf(libraries)?.sealed ?? [])];
  return {
    system: system && { name: system.name, support: system.support, generation: system.generation },
    kernelRelease: valueOf(kernelRelease) ?? null,
    fips,
    cryptoPolicy: { configured: policyText(cryptoPolicy.configured), applied: policyText(cryptoPolicy.applied) },
    hmacs: { checked: sealed.length, matching: sealed.filter(({ seal }) => seal.state === 'matches').length },
  };
}

function policyText(policy: Fact<PolicyName>): string | null {
  return policy.state === 'value' ? policyNameText(policy.value) : null;
}
