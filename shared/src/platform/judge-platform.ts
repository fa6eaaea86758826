import { coveringMounts } from './covered-facts.js';
import { type FipsState, fipsState, type FipsWitness } from './fips-state.js';
import { judgeBoot } from './judge-boot.js';
import { judgeCryptoPolicy } from './judge-crypto-policy.js';
import { judgeSeals } from './judge-seals.js';
import { type OperatingSystem, operatingSystem } from './operating-system.js';
import { deviation, type PlatformDeviation } from './platform-deviation.js';
import type { MountSeen, PlatformObservation } from './platform-observation.js';

export interface PlatformJudgement {
  /** Null if the host does not say. */
  readonly system: OperatingSystem | null;
  readonly fips: { readonly state: FipsState; readonly witnesses: readonly FipsWitness[] };
  readonly deviations: readonly PlatformDeviation[];
}

/**
 * What kind of state a host is in. Pure: the same observation gives the same judgement. No deviation is the only good
 * answer; of those there are, the catalogue says how grave they are.
 */
export function judgePlatform(observation: PlatformObservation): PlatformJudgement {
  const { osRelease } = observation;
  const system = osRelease.state === 'value' ? operatingSystem(osRelease.value) : null;
  const generation = system?.generation ?? null;
  const fips = fipsState(observation, generation);
  return {
    system,
    fips,
    deviations: [
      ...judgeState(fips),
      ...judgeMounts(observation),
      ...judgeSystem(observation, system),
      ...judgeCryptoPolicy(observation, generation),
      ...judgeBoot(observation, generation),
      ...judgeSeals(observation, generation),
    ],
  };
}

function judgeState({ state, witnesses }: PlatformJudgement['fips']): PlatformDeviation[] {
  const observed = witnesses.map((witness) => `${witness.name}: ${witness.observed}`).join('; ');
  const expected = `FIPS mode, said by ${witnesses.map(({ name }) => name).join(', ')}`;
  switch (state) {
    case 'enabled':
      return [];
    case 'disabled':
      return [deviation('host.fips-disabled', expected, observed)];
    case 'inconsistent':
      return [deviation('host.fips-inconsistent', expected, observed)];
    case 'unknown':
      return [deviation('host.fips-unreadable', expected, observed)];
  }
}

function judgeMounts(observation: PlatformObservation): PlatformDeviation[] {
  const { over, fipsEnabledOn, commandLineOn } = observation.mounts;
  const expected = 'read where it belongs';
  const found = coveringMounts(observation).map((mount) => deviation('host.facts-covered', expected, mountText(mount)));
  for (const [path, kind] of [
    ['/proc/sys/crypto/fips_enabled', fipsEnabledOn],
    ['/proc/cmdline', commandLineOn],
  ] as const) {
    if (kind === 'other') found.push(deviation('host.facts-covered', expected, `${path} is not on a procfs`));
  }
  if (over.state === 'value') {
    const hasProc = over.value.some(({ mountPoint }) => mountPoint === '/proc');
    return hasProc ? found : [...found, deviation('host.mounts-unreadable', 'a mount table', 'one without /proc')];
  }
  const reason = over.state === 'unreadable' ? over.reason : 'not there';
  return [...found, deviation('host.mounts-unreadable', 'a mount table', reason)];
}

function mountText({ mountPoint, fsType, root, origin }: MountSeen): string {
  const from = origin ?? (root === '/' ? 'a file system of its own' : root);
  return `${mountPoint} is covered by ${from} (${fsType})`;
}

function judgeSystem({ osRelease }: PlatformObservation, system: OperatingSystem | null): PlatformDeviation[] {
  const expected = 'RHEL or CentOS, 7 or 8';
  if (system === null) {
    const reason = osRelease.state === 'unreadable' ? osRelease.reason : 'no os-release';
    return [deviation('host.os-unreadable', expected, reason)];
  }
  const found: PlatformDeviation[] = [];
  if (system.support === 'unsupported') found.push(deviation('host.unsupported-os', expected, system.name));
  if (system.support === 'recognised') found.push(deviation('host.recognised-os', expected, system.name));
  if (system.vendorValidates === false) {
    found.push(deviation('host.vendor-without-validation', 'a system whose vendor has certificates', system.name));
  }
  return found;
}
