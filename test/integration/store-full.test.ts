import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { groupCommitter } from '@sealwatch/collector/store/sqlite/commit-group.js';
import { openWritingConnection, type WritingConnection } from '@sealwatch/collector/store/sqlite/open-connections.js';
import { writeOperations } from '@sealwatch/collector/store/sqlite/write-operations.js';
import { verifyStore } from '@sealwatch/collector/store/sqlite/verify-store.js';
import { reportChain, reportRecord } from '../fakes/store-records.js';

let directory = '';
let file = '';
let connection: WritingConnection;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-full-'));
  file = join(directory, 'sealwatch.db');
  connection = openWritingConnection(file);
});
afterEach(() => {
  connection.close();
  rmSync(directory, { recursive: true, force: true });
});

/** SQLite's own limit: to everything above it the disk is full. */
function limitTo(pages: number): void {
  connection.db.pragma(`max_page_count = ${String(pages)}`);
}

it('answers each report of a full disk truly: what was not refused is there, what was is not', () => {
  const run = groupCommitter(connection.db, file, writeOperations(connection.db));
  const size = connection.db.pragma('page_count', { simple: true }) as number;
  limitTo(size + 12);
  const chain = reportChain('node-1', 200);
  const answers = [];
  for (let i = 0; i < chain.length; i += 20) {
    answers.push(...run(chain.slice(i, i + 20).map((record) => ({ method: 'recordReport', args: [record] }))));
  }
  const codes = new Set(answers.flatMap((answer) => (answer.ok ? [] : [answer.code])));
  expect(codes).toEqual(new Set(['store.full']));
  expect(answers.some(({ ok }) => ok)).toBe(true);

  const at = connection.db.prepare<[number], number>('SELECT 1 FROM reports WHERE sequence = ?').pluck();
  const stored = chain.map(({ head }) => at.get(head.sequence) === 1);
  expect(stored).toEqual(answers.map(({ ok }) => ok));
});

it('goes on when there is room again', () => {
  const run = groupCommitter(connection.db, file, writeOperations(connection.db));
  limitTo(connection.db.pragma('page_count', { simple: true }) as number);
  const chain = reportChain('node-1', 100);
  const calls = chain.map((record) => ({ method: 'recordReport', args: [record] }));
  expect(run(calls).some(({ ok }) => !ok)).toBe(true);
  limitTo(1_000_000);
  expect(run(calls).every(({ ok }) => ok)).toBe(true);
  expect(verifyStore(file)).toEqual({ reports: 100, seals: 0, bodies: 1, problems: [] });
});

it('names the file and the remedy', () => {
  const run = groupCommitter(connection.db, file, writeOperations(connection.db));
  limitTo(connection.db.pragma('page_count', { simple: true }) as number);
  const envelope = {
    ...reportRecord().envelope,
    payload: Buffer.from(Array.from({ length: 99_999 }, () => Math.random() * 256)),
  };
  const [answer] = run([{ method: 'recordReport', args: [{ ...reportRecord(), envelope }] }]);
  expect(answer).toMatchObject({ ok: false, code: 'store.full', message: expect.stringContaining(file) as string });
});
