import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@sealwatch/collector/store/sqlite/open-sqlite-store.js';
import type { Store } from '@sealwatch/collector/store/store.js';

export interface TestStore {
  readonly store: Store;
  readonly directory: string;
  readonly file: string;
  /** Closes and opens it again, as a restart does. */
  reopened(): Promise<Store>;
  dispose(): Promise<void>;
}

/** The real store, on a real disk, in a directory of its own. */
export async function testStore(
  how: { threads: 'inline' } | { threads: 'workers'; workerScript: URL } = { threads: 'inline' },
): Promise<TestStore> {
  const directory = mkdtempSync(join(tmpdir(), 'sealwatch-store-'));
  const file = join(directory, 'sealwatch.db');
  let store = await openSqliteStore({ file, ...how });
  return {
    get store() {
      return store;
    },
    directory,
    file,
    async reopened() {
      await store.close();
      store = await openSqliteStore({ file, ...how });
      return store;
    },
    async dispose() {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
