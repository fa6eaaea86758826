import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import type { HostMeasurement } from '@sealwatch/shared/measurement/measurement.js';
import { readSmallFile } from './read-small-file.js';

/** Whether the kernel runs in FIPS mode, in its own word: `1` or `0`. Never throws. */
export async function measureFips(hostRoot: string): Promise<HostMeasurement> {
  return { subject: { kind: 'host', aspect: 'fips' }, observed: await observe(hostRoot) };
}

async function observe(hostRoot: string): Promise<HostMeasurement['observed']> {
  const file = await readSmallFile(hostRoot, '/proc/sys/crypto/fips_enabled', 64);
  switch (file.state) {
    case 'read':
      return { state: 'fips', fipsEnabled: file.bytes.toString('utf8').trim() };
    case 'unreadable':
      return file;
    case 'absent':
      // a kernel without the file says no; a root without /proc says nothing
      return (await hasProc(hostRoot)) ? file : { state: 'unreadable', reason: 'no /proc below the host root' };
  }
}

/** /proc/sys/kernel is on every Linux with procfs mounted. */
async function hasProc(hostRoot: string): Promise<boolean> {
  const kernel = await openBelow(hostRoot, Buffer.from('/proc/sys/kernel'));
  if (kernel.state === 'opened') await kernel.close();
  return kernel.state === 'not-regular' && kernel.fileType === 'directory';
}
