import { endOfPath } from '@sealwatch/shared/hashing/walk-path.js';
import type { Fact } from '@sealwatch/shared/platform/fact.js';
import { readSmallFile } from '../host/read-small-file.js';
import type { PlatformReading } from './platform-reading.js';

/** No file these facts are read from is larger on an honest host. */
const MAX_BYTES = 64 * 1024;

/**
 * What a small file says. Never throws.
 * @param what it should hold, for the reason if `parse` finds none: `name of a policy`
 */
export async function readFact<T>(
  reading: PlatformReading,
  path: string,
  what: string,
  parse: (bytes: Buffer) => T | undefined,
): Promise<Fact<T>> {
  reading.asked.add(path);
  const file = await readSmallFile(reading.hostRoot, path, MAX_BYTES);
  if (file.state !== 'read') return file;
  reading.asked.add(file.realPath);
  const parsed = parse(file.bytes);
  return parsed === undefined ? { state: 'unreadable', reason: `holds no ${what}` } : { state: 'value', value: parsed };
}

/** Whether anything is at the path. Never throws. */
export async function readPresence({ hostRoot, asked }: PlatformReading, path: string): Promise<Fact<'present'>> {
  asked.add(path);
  const found = await endOfPath(hostRoot, Buffer.from(path), (_, steps) => {
    asked.addSteps(steps);
    return Promise.resolve<Fact<'present'>>({ state: 'value', value: 'present' });
  });
  return found.state === 'not-regular' ? { state: 'unreadable', reason: found.fileType } : found;
}
