import { type DracutConfiguration, parseDracutConfiguration } from '@sealwatch/shared/platform/dracut-configuration.js';
import type { Fact } from '@sealwatch/shared/platform/fact.js';
import type { DracutObservation } from '@sealwatch/shared/platform/platform-observation.js';
import { listDirectory } from './list-directory.js';
import type { PlatformReading } from './platform-reading.js';
import { readFact, readPresence } from './read-fact.js';

const DIRECTORIES = ['/etc/dracut.conf.d', '/usr/lib/dracut/dracut.conf.d'];
const MAX_FILES = 64;

/** Whether the next initramfs will have the FIPS module. Never throws. */
export async function observeDracut(reading: PlatformReading): Promise<DracutObservation> {
  return {
    module: await readPresence(reading, '/usr/lib/dracut/modules.d/01fips'),
    configuration: await observeConfiguration(reading),
  };
}

async function observeConfiguration(reading: PlatformReading): Promise<Fact<DracutConfiguration>> {
  const facts: Fact<DracutConfiguration>[] = [];
  for (const directory of DIRECTORIES) {
    const files = await listDirectory(reading, directory, /^[\w.-]{1,100}\.conf$/, MAX_FILES);
    if (files.state === 'unreadable') return files;
    if (files.state === 'absent') continue;
    for (const file of files.value) {
      facts.push(await readFact(reading, `${directory}/${file}`, 'configuration', parseDracutConfiguration));
    }
  }
  const found: DracutConfiguration[] = [];
  for (const fact of facts) {
    if (fact.state === 'unreadable') return fact;
    if (fact.state === 'value') found.push(fact.value);
  }
  if (found.length === 0) return { state: 'absent' };
  return { state: 'value', value: { adds: found.some(({ adds }) => adds), omits: found.some(({ omits }) => omits) } };
}
