import { parsePreloadList } from '@sealwatch/shared/proc/preload-list.js';
import type { Known } from '@sealwatch/shared/proc/process-facts.js';
import { readSmallFile } from '../host/read-small-file.js';

const MAX_BYTES = 64 * 1024;

/** What `/etc/ld.so.preload` below a root names. */
export async function readPreloadList(root: string): Promise<Known<Buffer[]>> {
  const file = await readSmallFile(root, '/etc/ld.so.preload', MAX_BYTES);
  switch (file.state) {
    case 'read':
      return { state: 'known', value: parsePreloadList(file.bytes) };
    case 'absent':
      return { state: 'known', value: [] };
    case 'unreadable':
      return file;
  }
}
