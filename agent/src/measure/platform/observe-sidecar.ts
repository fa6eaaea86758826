import { parseHmacSidecar } from '@sealwatch/shared/platform/hmac-sidecar.js';
import type { SealedFile } from '@sealwatch/shared/platform/platform-observation.js';
import { observeSeal } from './observe-seal.js';
import type { PlatformReading } from './platform-reading.js';
import { readFact } from './read-fact.js';

/**
 * What an HMAC file says of which files, and whether it is so; nothing if there is no such file. Never throws.
 * @param path of the file it is for, unless it names files itself
 */
export async function observeSidecar(
  reading: PlatformReading,
  sidecar: string,
  path: string,
  kind: 'kernel' | 'library',
): Promise<SealedFile[]> {
  const entries = await readFact(reading, sidecar, 'HMAC', parseHmacSidecar);
  if (entries.state === 'absent') return [];
  if (entries.state === 'unreadable') return [{ path, sidecar, seal: entries }];
  const files: SealedFile[] = [];
  for (const entry of entries.value) {
    const named = entry.path ?? path;
    files.push({ path: named, sidecar, seal: await observeSeal(reading, named, kind, entry) });
  }
  return files;
}
