import { randomBytes } from 'node:crypto';
import { chmod, link, open, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CodedError, errnoOf } from '@sealwatch/shared/runtime/coded-error.js';
import { syncDirectory } from '@sealwatch/shared/runtime/durable-file.js';
import type { Database } from 'better-sqlite3';
import { openReadingConnection } from './open-connections.js';
import { damageOf } from './refuse-damage.js';
import { storeError } from './sqlite-error.js';

/**
 * A copy of one moment, compact and checked, while the collector may go on writing. `out` appears only when whole.
 * @returns its size in bytes
 * @throws CodedError('config.exists') if `out` exists; CodedError('store.corrupt' | 'store.full' | 'store.unavailable')
 */
export async function backupStore(file: string, out: string): Promise<number> {
  const partial = join(dirname(out), `.${basename(out)}.${randomBytes(6).toString('hex')}.tmp`);
  const store = openReadingConnection(file);
  try {
    copyInto(store, partial);
    await chmod(partial, 0o600);
    await syncFile(partial);
    // link refuses to replace, rename would not
    await link(partial, out);
    await syncDirectory(dirname(out));
    return (await stat(out)).size;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') {
      throw new CodedError('config.exists', `${out} exists and is left as it is; name another file`, { cause: error });
    }
    throw storeError(error, out);
  } finally {
    store.close();
    await rm(partial, { force: true });
  }
}

function copyInto(store: Database, path: string): void {
  // a reading connection may not write, not even elsewhere, unless told so
  store.pragma('query_only = OFF');
  store.prepare<[string]>('VACUUM INTO ?').run(path);
  const copy = openReadingConnection(path);
  try {
    const [damage] = damageOf(copy, 'quick_check');
    if (damage !== undefined) throw new CodedError('store.corrupt', `the copy of the store is damaged: ${damage}`);
  } finally {
    copy.close();
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
