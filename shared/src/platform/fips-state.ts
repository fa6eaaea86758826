import { hasVendorPolicyMounts, isCovered } from './covered-facts.js';
import type { Fact } from './fact.js';
import type { Generation } from './operating-system.js';
import type { PlatformObservation } from './platform-observation.js';
import { type PolicyName, policyNameText } from './policy-name.js';

/** `inconsistent`: some signs say so and others not, which is never FIPS mode. */
export type FipsState = 'enabled' | 'disabled' | 'inconsistent' | 'unknown';

/** One thing that has to say yes. */
export interface FipsWitness {
  readonly name: string;
  readonly says: 'yes' | 'no' | 'unknown';
  /** What it says, in words. */
  readonly observed: string;
}

/**
 * Whether a host runs in FIPS mode: only if the kernel, its command line and, from Enterprise Linux 8 on, the crypto
 * policy all say so.
 * @param generation null if the system is none that is known: then a crypto policy counts where there is one
 */
export function fipsState(
  observation: PlatformObservation,
  generation: Generation | null,
): { state: FipsState; witnesses: FipsWitness[] } {
  const witnesses = [kernelWitness(observation), commandLineWitness(observation)];
  if (hasPolicy(observation, generation)) witnesses.push(configuredWitness(observation), appliedWitness(observation));
  return { state: stateOf(witnesses), witnesses };
}

function stateOf(witnesses: readonly FipsWitness[]): FipsState {
  const said = new Set(witnesses.map(({ says }) => says));
  if (said.has('yes') && said.has('no')) return 'inconsistent';
  if (said.has('unknown')) return 'unknown';
  return said.has('yes') ? 'enabled' : 'disabled';
}

function kernelWitness(observation: PlatformObservation): FipsWitness {
  const { fipsEnabled, mounts } = observation;
  const name = 'fips_enabled';
  if (isCovered(observation, '/proc/sys/crypto/fips_enabled') || mounts.fipsEnabledOn === 'other') return covered(name);
  if (fipsEnabled.state === 'absent') return { name, says: 'no', observed: 'the kernel has none' };
  if (fipsEnabled.state === 'unreadable') return unreadable(name, fipsEnabled.reason);
  const { value } = fipsEnabled;
  return { name, says: value === '1' ? 'yes' : value === '0' ? 'no' : 'unknown', observed: value };
}

function commandLineWitness(observation: PlatformObservation): FipsWitness {
  const { commandLine, mounts } = observation;
  const name = 'kernel command line';
  if (isCovered(observation, '/proc/cmdline') || mounts.commandLineOn === 'other') return covered(name);
  if (commandLine.state === 'absent') return unreadable(name, 'not there');
  if (commandLine.state === 'unreadable') return unreadable(name, commandLine.reason);
  const { fips } = commandLine.value;
  const last = fips[fips.length - 1];
  if (last === undefined) return { name, says: 'no', observed: 'no fips=' };
  return { name, says: last === '1' ? 'yes' : 'no', observed: `fips=${last}` };
}

function hasPolicy({ cryptoPolicy }: PlatformObservation, generation: Generation | null): boolean {
  if (generation !== null) return generation >= 8;
  return cryptoPolicy.configured.state !== 'absent' || cryptoPolicy.applied.state !== 'absent';
}

function configuredWitness(observation: PlatformObservation): FipsWitness {
  const { configured, applied } = observation.cryptoPolicy;
  const name = 'configured crypto policy';
  if (isCovered(observation, '/etc/crypto-policies/config')) return covered(name);
  // without a file update-crypto-policies takes the policy that suits the kernel: what was applied says which
  return policyWitness(name, configured.state === 'absent' ? applied : configured);
}

function appliedWitness(observation: PlatformObservation): FipsWitness {
  const { configured, applied } = observation.cryptoPolicy;
  const name = 'applied crypto policy';
  if (isCovered(observation, '/etc/crypto-policies/state/current')) return covered(name);
  // under the vendor's own mounts the file still names the policy they are mounted over
  return policyWitness(name, hasVendorPolicyMounts(observation) ? configured : applied);
}

function policyWitness(name: string, policy: Fact<PolicyName>): FipsWitness {
  switch (policy.state) {
    case 'value':
      return { name, says: policy.value.base === 'FIPS' ? 'yes' : 'no', observed: policyNameText(policy.value) };
    case 'absent':
      return { name, says: 'no', observed: 'none' };
    case 'unreadable':
      return unreadable(name, policy.reason);
  }
}

function unreadable(name: string, reason: string): FipsWitness {
  return { name, says: 'unknown', observed: reason };
}

function covered(name: string): FipsWitness {
  return { name, says: 'unknown', observed: 'something is mounted over it' };
}
