import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { surveyOutbox } from '@sealwatch/agent/outbox/survey-outbox.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ChainBench } from '../fakes/agent-chain.js';
import { OutboxDirectory } from '../fakes/outbox-directory.js';

/** A disk of one MiB needs the right to mount; without it the outbox is bounded instead, and the rule is the same. */
const canMount = ((): boolean => {
  const place = mkdtempSync(join(tmpdir(), 'sealwatch-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'sealwatch-test', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true });
  }
})();

let disk: string;
let directory: OutboxDirectory;
beforeEach(async () => {
  disk = mkdtempSync(join(tmpdir(), 'sealwatch-small-disk-'));
  if (canMount) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=0700', 'sealwatch-test', disk]);
  directory = await OutboxDirectory.create(disk);
});
afterEach(() => {
  if (canMount) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

it('sums up what happens while the disk is full, loses nothing that was signed, and goes on by itself', async () => {
  const outbox = await directory.open(canMount ? {} : { maxBytes: 200_000 });
  const bench = new ChainBench(outbox);
  let signed = 0;
  while ((await bench.scan(`state ${String(signed)}`)) === 'reported') signed += 1;
  expect(signed).toBeGreaterThan(20);
  await bench.scan('two');
  await bench.scan('three');
  expect(outbox.waiting().filter(({ kind }) => kind === 'report')).toHaveLength(signed);

  // the program can be started on a disk without room, and finds all of it
  expect((await directory.open()).waiting()).toEqual(outbox.waiting());
  expect((await surveyOutbox(directory.outbox)).head).toMatchObject({ sequence: signed });

  // delivering the oldest makes room although nothing can be written meanwhile
  for (const ref of outbox.waiting().slice(0, 10)) await outbox.settle(ref);
  await bench.chain.retryDeferred();
  const reports = await bench.waitingReports();
  expect(reports[reports.length - 1]).toMatchObject({ sequence: signed + 1, folded: { changes: 3 } });
  for (const [i, report] of reports.entries()) expect(report.sequence).toBe(i + 11);
});

it.runIf(canMount)('keeps the newest report until the head can be written, without sending it twice', async () => {
  const outbox = await directory.open();
  const bench = new ChainBench(outbox);
  await bench.scan('a');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'somebody-else'), Buffer.alloc(bavail * bsize));
  const [newest] = outbox.waiting();
  await outbox.settle(newest!);
  expect(outbox.waiting()).toEqual([]);
  expect(outbox.head()).toMatchObject({ sequence: 1 });
  // after a crash now the head is still known, because the report is still there
  expect((await directory.open()).head()).toEqual(outbox.head());
  rmSync(join(disk, 'somebody-else'));
  await bench.scan('b');
  expect((await directory.open()).waiting().map(({ sequence }) => sequence)).toEqual([2]);
});
