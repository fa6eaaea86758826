import type { Fact } from '@sealwatch/shared/platform/fact.js';
import { type OsRelease, parseOsRelease } from '@sealwatch/shared/platform/os-release.js';
import { parseRedhatRelease } from '@sealwatch/shared/platform/redhat-release.js';
import type { PlatformReading } from './platform-reading.js';
import { readFact } from './read-fact.js';

/** The first of these that is there; the first two in the order of os-release(5). */
const SOURCES: readonly (readonly [path: string, parse: (bytes: Buffer) => OsRelease | undefined])[] = [
  ['/etc/os-release', parseOsRelease],
  ['/usr/lib/os-release', parseOsRelease],
  ['/etc/redhat-release', parseRedhatRelease],
];

/** What the host calls itself. One that is there and can't be read is not passed over. Never throws. */
export async function observeOsRelease(reading: PlatformReading): Promise<Fact<OsRelease>> {
  for (const [path, parse] of SOURCES) {
    const fact = await readFact(reading, path, 'name of a system', parse);
    if (fact.state !== 'absent') return fact;
  }
  return { state: 'absent' };
}
