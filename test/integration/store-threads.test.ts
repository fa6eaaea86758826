import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openSqliteStore } from '@sealwatch/collector/store/sqlite/open-sqlite-store.js';
import { builtFile, builtPrograms } from '../fakes/built-programs.js';
import { filler, reportChain } from '../fakes/store-records.js';

const WORKER = builtFile('collector', 'store/sqlite/store-worker.js');
let directory = '';
let file = '';

beforeAll(builtPrograms, 180_000);
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-threads-'));
  file = join(directory, 'sealwatch.db');
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

it.each(['inline', 'workers'] as const)('finishes what was asked before it closes (%s)', async (threads) => {
  const store = await openSqliteStore({ file, threads, workerScript: WORKER });
  const chain = reportChain('node-1', 700);
  const asked = chain.map((record) => store.recordReport(record));
  const closing = store.close();
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['recorded']));
  await closing;
  await expect(store.recordReport(chain[0]!)).rejects.toMatchObject({ code: 'store.unavailable' });
  await expect(store.hosts()).rejects.toMatchObject({ code: 'store.unavailable' });
  await store.close();

  const again = await openSqliteStore({ file, threads: 'inline' });
  expect(await again.head('node-1')).toEqual(chain.at(-1)?.head);
  await again.close();
});

it('leaves the buffers of its callers alone', async () => {
  const store = await openSqliteStore({ file, threads: 'workers', workerScript: WORKER });
  const [record] = reportChain('node-1', 1);
  const before = Buffer.from(record!.envelope.payload);
  await store.recordReport(record!);
  expect(record!.envelope.payload.equals(before)).toBe(true);
  await store.close();
});

it("hands on a worker's reason not to open", async () => {
  writeFileSync(file, filler('noise', 100_000));
  const opening = openSqliteStore({ file, threads: 'workers', workerScript: WORKER });
  await expect(opening).rejects.toMatchObject({ name: 'CodedError', code: 'store.corrupt' });
});

it.each([
  ['throws', "throw new Error('out of luck')"],
  ['ends', 'process.exit(3)'],
])('says that it is unavailable once a thread %s', async (_, death) => {
  const script = join(directory, 'dying-worker.mjs');
  writeFileSync(
    script,
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', () => { ${death} });
     parentPort.postMessage({ kind: 'ready' });`,
  );
  const deaths: string[] = [];
  const onDeath = ({ code }: { code: string }): void => void deaths.push(code);
  const store = await openSqliteStore({ file, threads: 'workers', workerScript: pathToFileURL(script), onDeath });
  const [first, second] = reportChain('node-1', 2);
  const pending = [store.recordReport(first!), store.recordReport(second!)];
  for (const call of pending) await expect(call).rejects.toMatchObject({ code: 'store.unavailable' });
  await expect(store.recordReport(first!)).rejects.toMatchObject({ code: 'store.unavailable' });
  await expect(store.hosts()).rejects.toMatchObject({ code: 'store.unavailable' });
  // both threads died, and each says so once: the program that serves from them ends
  expect(deaths).toEqual(['store.unavailable', 'store.unavailable']);
  await store.close();
});

it('refuses to open when its thread dies at the start', async () => {
  const script = join(directory, 'stillborn-worker.mjs');
  writeFileSync(script, "throw new Error('no')");
  const opening = openSqliteStore({ file, threads: 'workers', workerScript: pathToFileURL(script) });
  await expect(opening).rejects.toMatchObject({ code: 'store.unavailable' });
});
