import { beforeAll } from 'vitest';
import { builtFile, builtPrograms } from '../fakes/built-programs.js';
import { testStore } from '../fakes/test-store.js';
import { storeContract } from './store-contract.js';

beforeAll(builtPrograms, 180_000);

storeContract('SQLite on this thread', () => testStore());
storeContract('SQLite on worker threads', () =>
  testStore({ threads: 'workers', workerScript: builtFile('collector', 'store/sqlite/store-worker.js') }),
);
