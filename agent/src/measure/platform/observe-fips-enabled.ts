import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import type { Fact } from '@sealwatch/shared/platform/fact.js';
import { readSmallFile } from '../host/read-small-file.js';
import type { PlatformReading } from './platform-reading.js';

const PATH = '/proc/sys/crypto/fips_enabled';

/** Whether the kernel runs in FIPS mode, in its own word: `1` or `0`. Never throws. */
export async function observeFipsEnabled({
  hostRoot,
  asked,
}: Pick<PlatformReading, 'hostRoot' | 'asked'>): Promise<Fact<string>> {
  asked.add(PATH);
  const file = await readSmallFile(hostRoot, PATH, 64);
  switch (file.state) {
    case 'read':
      return { state: 'value', value: file.bytes.toString('utf8').trim() };
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
