import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sqlite as Database } from '@sealwatch/collector/store/sqlite/sqlite-driver.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { openWritingConnection } from '@sealwatch/collector/store/sqlite/open-connections.js';
import { openSqliteStore } from '@sealwatch/collector/store/sqlite/open-sqlite-store.js';
import { asNobody } from '../fakes/as-nobody.js';
import { anyEnvelope, filler, moment, reportChain, reportRecord } from '../fakes/store-records.js';

let directory = '';
let file = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-damage-'));
  file = join(directory, 'sealwatch.db');
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const open = () => openSqliteStore({ file, threads: 'inline' });

async function filled(): Promise<void> {
  const store = await open();
  for (const record of reportChain('node-1', 200)) await store.recordReport(record);
  await store.close();
}

function refused(code: string, ...words: string[]) {
  return { code, message: expect.stringMatching(new RegExp(words.join('.*'), 's')) as string };
}

describe('a damaged store is refused, by name, with what to do', () => {
  it('when the file is noise', async () => {
    writeFileSync(file, filler('noise', 100_000));
    await expect(open()).rejects.toMatchObject(refused('store.corrupt', 'sealwatch\\.db', 'last backup'));
  });

  it('when it is the database of another program, which stays as it is', async () => {
    const other = new Database(file);
    other.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)');
    other.close();
    const before = readFileSync(file);
    await expect(open()).rejects.toMatchObject(refused('store.corrupt', 'no Sealwatch store'));
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it.each([0.3, 0.6, 0.95])('when it is cut to %d of its size', async (part) => {
    await filled();
    truncateSync(file, Math.floor(statSync(file).size * part));
    await expect(open()).rejects.toMatchObject(refused('store.corrupt', 'sealwatch\\.db', 'last backup'));
  });

  it('when pages in its middle are overwritten', async () => {
    await filled();
    const bytes = readFileSync(file);
    filler('scratch', 16_384).copy(bytes, Math.floor(bytes.length / 2 / 4096) * 4096);
    writeFileSync(file, bytes);
    await expect(open()).rejects.toMatchObject(refused('store.corrupt', 'sealwatch\\.db', 'last backup'));
  });

  it.each([
    [
      'emptied',
      () => {
        truncateSync(file, 0);
      },
    ],
    [
      'removed',
      () => {
        rmSync(file);
      },
    ],
  ])('when it was %s: a loss is no fresh start', async (_, lose) => {
    await filled();
    lose();
    await expect(open()).rejects.toMatchObject(refused('store.corrupt', 'empty or gone', 'To begin anew'));
  });

  it('but an operator can begin anew', async () => {
    await filled();
    rmSync(file);
    rmSync(`${file}.lock`);
    const store = await open();
    expect(await store.hostStates()).toEqual([]);
    await store.close();
  });
});

it('refuses a store of a newer program and leaves it as it is', async () => {
  await filled();
  const newer = new Database(file);
  newer.pragma('user_version = 99');
  newer.close();
  const before = readFileSync(file);
  await expect(open()).rejects.toMatchObject(refused('store.unavailable', 'schema 99', 'newer sealwatch-collector'));
  expect(readFileSync(file).equals(before)).toBe(true);
});

it('says which directory is not writable', async () => {
  chmodSync(directory, 0o555);
  await expect(asNobody(open)).rejects.toMatchObject(refused('store.unavailable', directory, 'must be writable'));
  expect(existsSync(file)).toBe(false);
});

it.each(['sealwatch.db', 'sealwatch.db.lock'])('says it also when only %s can be read', async (name) => {
  await filled();
  const path = join(directory, name);
  chmodSync(directory, 0o555);
  for (const each of ['sealwatch.db', 'sealwatch.db.lock']) chmodSync(join(directory, each), 0o666);
  chmodSync(path, 0o444);
  await expect(asNobody(open)).rejects.toMatchObject(refused('store.unavailable', 'sealwatch\\.db'));
});

it('says that the directory is missing', async () => {
  file = join(directory, 'nowhere', 'sealwatch.db');
  await expect(open()).rejects.toMatchObject(refused('store.unavailable', 'nowhere', 'make the directory first'));
});

it('keeps its files from everybody else', async () => {
  const store = await open();
  for (const name of ['sealwatch.db', 'sealwatch.db-wal', 'sealwatch.db.lock']) {
    expect((statSync(join(directory, name)).mode & 0o777).toString(8)).toBe('600');
  }
  await store.close();
});

it('lets nobody change or delete by mistake what is kept for ever', async () => {
  const store = await open();
  const envelope = anyEnvelope(PAYLOAD_TYPES.inception, '{}');
  const digest = sha256(envelope.payload);
  await store.recordInception({ digest, envelope, at: moment(0) });
  await store.recordRelease({
    version: 1,
    digest,
    bundle: { release: envelope, manifests: [envelope] },
    publishedAt: moment(0),
  });
  await store.recordReport(reportRecord());
  await store.recordAlarm({ at: moment(1), host: 'node-1', code: 'chain.fork', message: 'fork', envelope });
  await store.recordVerdictChange({ at: moment(1), host: '', verdict: 'unknown', previous: 'compliant', reasons: [] });
  await store.close();

  const db = new Database(file);
  db.pragma('foreign_keys = OFF');
  const kept = [
    'inception',
    'manifests',
    'releases',
    'release_manifests',
    'reports',
    'alarms',
    'verdict_changes',
    'history',
  ];
  for (const table of kept) {
    const column =
      db.prepare<[string], string>('SELECT name FROM pragma_table_info(?) LIMIT 1').pluck().get(table) ?? '';
    expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(`${table} is append-only`);
    expect(() => db.exec(`UPDATE ${table} SET ${column} = ${column}`)).toThrow(`${table} is append-only`);
  }
  db.close();
});

it('waits for the disk before it acknowledges, and runs as it must', () => {
  const connection = openWritingConnection(file);
  const pragmas = ['journal_mode', 'synchronous', 'foreign_keys', 'trusted_schema'];
  expect(pragmas.map((name) => connection.db.pragma(name, { simple: true }))).toEqual(['wal', 2, 1, 0]);
  connection.close();
});
