import { valueOf } from './fact.js';
import type { Generation } from './operating-system.js';
import { deviation, type PlatformDeviation } from './platform-deviation.js';
import type { PlatformObservation } from './platform-observation.js';

/** How the host would start the next time, and what its libraries know FIPS mode by. Of no use where nobody asked for FIPS. */
export function judgeBoot(observation: PlatformObservation, generation: Generation | null): PlatformDeviation[] {
  const commandLine = valueOf(observation.commandLine);
  if (generation === null || commandLine === undefined || commandLine.fips.length === 0) return [];
  const found: PlatformDeviation[] = [];
  if (commandLine.skipsKernelCheck) {
    found.push(deviation('host.kernel-check-skipped', 'no rd.fips.skipkernel', 'rd.fips.skipkernel'));
  }
  const over = valueOf(observation.mounts.over) ?? [];
  if (
    commandLine.boot === null &&
    over.some(({ mountPoint, fsType }) => mountPoint === '/boot' && fsType !== 'autofs')
  ) {
    found.push(deviation('host.boot-parameter-missing', 'boot= beside fips=1', 'none'));
  }
  // 9 still makes the file, nothing there reads it
  if (generation <= 8 && observation.systemFips.state !== 'value') {
    found.push(deviation('host.system-fips-missing', '/etc/system-fips', seen(observation.systemFips)));
  }
  found.push(...judgeDracut(observation, generation));
  return found;
}

function judgeDracut({ dracut }: PlatformObservation, generation: Generation): PlatformDeviation[] {
  const code = 'host.dracut-fips-missing';
  const configuration = valueOf(dracut.configuration);
  if (configuration?.omits === true) return [deviation(code, 'the module fips', 'omitted by dracut.conf.d')];
  if (dracut.configuration.state === 'unreadable')
    return [deviation(code, 'the module fips', dracut.configuration.reason)];
  // on 7 the package dracut-fips brings the module, which then is used; from 10 on it is used by itself
  if (generation === 8 || generation === 9) {
    return configuration?.adds === true ? [] : [deviation(code, 'add_dracutmodules+=" fips "', 'not in dracut.conf.d')];
  }
  return dracut.module.state === 'value' ? [] : [deviation(code, 'the module 01fips', seen(dracut.module))];
}

function seen(fact: PlatformObservation['systemFips']): string {
  return fact.state === 'unreadable' ? fact.reason : fact.state;
}
