import { afterEach, beforeAll, expect, it } from 'vitest';
import { verifyStore } from '@sealwatch/collector/store/sqlite/verify-store.js';
import { builtPrograms } from '../fakes/built-programs.js';
import type { Daemon } from '../fakes/daemon.js';
import { storeProcess } from '../fakes/store-process.js';
import { reportChain } from '../fakes/store-records.js';
import { type TestStore, testStore } from '../fakes/test-store.js';
import { waitUntil } from '../fakes/wait-until.js';

const HOSTS = ['node-1', 'node-2', 'node-3', 'node-4'];
const PER_HOST = 600;

let writer: Daemon | undefined;
let opened: TestStore | undefined;

beforeAll(builtPrograms, 180_000);
afterEach(async () => {
  await writer?.kill();
  await opened?.dispose();
});

it('keeps every acknowledged report, whole and once, through kill -9 at random instants', async () => {
  opened = await testStore();
  await opened.store.close();
  const chains = HOSTS.map((host) => reportChain(host, PER_HOST));
  // host by host in turn, as they would arrive
  const arriving = Array.from({ length: PER_HOST }, (_, i) => chains.map((chain) => chain[i]!)).flat();
  const acknowledged = new Set<string>();
  let killedWhileWriting = 0;
  for (let round = 0; round < 6; round++) {
    writer = storeProcess(opened.file, arriving);
    const running = writer;
    await waitUntil('the writer has something new acknowledged', () => running.output.includes('recorded '), {
      everyMs: 1,
    });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
    await writer.kill();
    const lines = writer.output.split('\n');
    if (!lines.includes('done')) killedWhileWriting++;
    for (const line of lines) {
      const [, host, sequence] = /^(?:recorded|duplicate) (\S+) (\d+)$/.exec(line) ?? [];
      if (host !== undefined) acknowledged.add(`${host} ${String(sequence)}`);
    }

    expect(verifyStore(opened.file).problems).toEqual([]);
    const store = await opened.reopened();
    const states = new Map((await store.hostStates()).map((state) => [state.host, state]));
    for (const [i, host] of HOSTS.entries()) {
      const chain = chains[i]!;
      const mine = [...acknowledged].filter((line) => line.startsWith(`${host} `)).length;
      const { items } = await store.history(host, { size: 1000, cursor: '' });
      const sequences = items.map(({ sequence }) => sequence);
      expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, n) => sequences.length - n));
      expect(sequences.length).toBeGreaterThanOrEqual(mine);
      expect(states.get(host)?.head).toEqual(chain[sequences.length - 1]?.head);
      for (const { head, envelope } of chain.slice(0, mine).slice(-50)) {
        expect(await store.digestAt(host, head.epoch, head.sequence)).toBe(head.digest);
        expect((await store.report(host, head.epoch, head.sequence))?.envelope.payload).toEqual(envelope.payload);
      }
    }
    await store.close();
  }
  expect(acknowledged.size).toBeGreaterThan(0);
  expect(killedWhileWriting).toBeGreaterThan(0);
}, 120_000);

it('lets one process write at a time, and the next one as soon as the first is dead', async () => {
  opened = await testStore();
  await opened.store.close();
  const holder = storeProcess(opened.file);
  writer = holder;
  await waitUntil('the other process opened the store', () => holder.output.includes('done\n'));
  await expect(opened.reopened()).rejects.toMatchObject({
    code: 'store.unavailable',
    message: expect.stringMatching(/in use by another sealwatch-collector/) as string,
  });
  await holder.kill();
  expect(await (await opened.reopened()).hosts()).toEqual([]);
});
