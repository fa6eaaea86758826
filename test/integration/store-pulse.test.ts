import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StorePulse } from '@sealwatch/collector/service-manager/store-pulse.js';
import { openSqliteStore } from '@sealwatch/collector/store/sqlite/open-sqlite-store.js';
import type { Store } from '@sealwatch/collector/store/store.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { builtFile, builtPrograms } from '../fakes/built-programs.js';
import { waitUntil } from '../fakes/wait-until.js';

const WORKER = builtFile('collector', 'store/sqlite/store-worker.js');

/** The real thread, which stands still for a while once it is told to: a file beside it says so. */
const HANGING = `
import { existsSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import ${JSON.stringify(WORKER.href)};
setInterval(() => {
  if (workerData.role !== 'write' || !existsSync(workerData.file + '.hang')) return;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
}, 50).unref();
`;

let directory: string;
let file: string;
let store: Store;
let pulse: StorePulse;
beforeAll(builtPrograms, 180_000);
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-pulse-'));
  file = join(directory, 'sealwatch.db');
  const script = join(directory, 'worker.mjs');
  writeFileSync(script, HANGING);
  store = await openSqliteStore({ file, threads: 'workers', workerScript: pathToFileURL(script) });
  pulse = new StorePulse({ store, clock: systemClock });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

it('a store that answers owes nothing for long', async () => {
  for (let i = 0; i < 10; i++) {
    expect(pulse.stillForMs()).toBeLessThan(500);
    await store.pulse();
  }
});

it('a store of which one thread hangs owes an answer for longer and longer, until it answers', async () => {
  pulse.stillForMs();
  await store.pulse();
  writeFileSync(`${file}.hang`, '');
  await waitUntil('it owes an answer for a second', () => pulse.stillForMs() > 1000);
  rmSync(`${file}.hang`);
  await waitUntil('it answers again', () => pulse.stillForMs() < 100);
});

it('a store that refuses has answered: it does not hang', async () => {
  await store.close();
  pulse.stillForMs();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(pulse.stillForMs()).toBeLessThan(10);
});
