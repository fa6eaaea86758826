import { fstatSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { endOfPath } from '@sealwatch/shared/hashing/walk-path.js';
import { fileTypeOf } from '@sealwatch/shared/hashing/file-type.js';
import type { Fact } from '@sealwatch/shared/platform/fact.js';
import type { PlatformReading } from './platform-reading.js';

/** A library directory has some thousands. */
const MAX_ENTRIES = 50_000;

/**
 * The names in a directory below the host root that match, sorted. Never throws.
 * @param max more matches than any honest host has; beyond it nothing is believed of the directory
 */
export async function listDirectory(
  { hostRoot, asked }: PlatformReading,
  path: string,
  pattern: RegExp,
  max: number,
): Promise<Fact<string[]>> {
  asked.add(path);
  const listed = await endOfPath(hostRoot, Buffer.from(path), (at, steps) => {
    asked.addSteps(steps);
    return namesIn(at, pattern, max);
  });
  return listed.state === 'not-regular' ? { state: 'unreadable', reason: `no directory (${listed.fileType})` } : listed;
}

async function namesIn(at: number, pattern: RegExp, max: number): Promise<Fact<string[]>> {
  const stat = fstatSync(at, { bigint: true });
  if (!stat.isDirectory()) {
    return { state: 'unreadable', reason: `no directory (${stat.isFile() ? 'file' : fileTypeOf(stat)})` };
  }
  const names: string[] = [];
  let entries = 0;
  // through the descriptor: nothing can be put in the path's place meanwhile
  for await (const { name } of await opendir(`/proc/self/fd/${String(at)}`)) {
    if (++entries > MAX_ENTRIES) return { state: 'unreadable', reason: `more than ${String(MAX_ENTRIES)} entries` };
    if (pattern.test(name)) names.push(name);
  }
  if (names.length > max) return { state: 'unreadable', reason: `more than ${String(max)} of its kind` };
  return { state: 'value', value: names.sort() };
}
