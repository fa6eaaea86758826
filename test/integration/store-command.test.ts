import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sqlite as Database } from '@sealwatch/collector/store/sqlite/sqlite-driver.js';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { storeCommand } from '@sealwatch/collector/cli/store-command.js';
import { openSqliteStore } from '@sealwatch/collector/store/sqlite/open-sqlite-store.js';
import { capturedIo } from '../fakes/captured-io.js';
import { moment, reportChain, reportRecord, sealRecord } from '../fakes/store-records.js';
import { type TestStore, testStore } from '../fakes/test-store.js';

let opened: TestStore;

beforeEach(async () => {
  opened = await testStore();
});
afterEach(() => opened.dispose());

async function run(...args: string[]) {
  const io = capturedIo();
  const program = new Command('sealwatch-collector').addCommand(storeCommand(io));
  const status = await runProgram(program, ['store', ...args], io);
  return { status, stdout: io.stdout, stderr: io.stderr };
}

const verify = () => run('verify', '--state-dir', opened.directory);

describe('store verify', () => {
  it('finds a store whole that has chains, epochs, gaps, seals and bodies', async () => {
    const chain = reportChain('node-1', 5);
    for (const record of chain) await opened.store.recordReport(record);
    const gap = { epoch: 1, sequence: 9, gapFrom: 6, previous: reportRecord({ twist: 'lost' }).head.digest };
    const afterGap = reportRecord(gap);
    await opened.store.recordReport(afterGap);
    await opened.store.recordReport(reportRecord({ epoch: 2, previous: afterGap.head.digest }));
    await opened.store.recordSeal(sealRecord(chain[4]!, moment(60)));
    expect(await verify()).toEqual({
      status: 0,
      stdout: `${opened.file}: whole (7 reports, 1 seals, 1 measurement bodies)\n`,
      stderr: '',
    });
  });

  it.each<[string, string, RegExp]>([
    [
      'a changed report',
      'UPDATE reports SET envelope = (SELECT envelope FROM reports WHERE sequence = 1) WHERE sequence = 3',
      /report 1\/3 of node-1: its bytes have another digest/,
    ],
    [
      'a report put elsewhere',
      'UPDATE reports SET sequence = 99 WHERE sequence = 5',
      /report 1\/99 of node-1: it says it is 1\/5 of node-1/,
    ],
    [
      'a report taken out',
      'PRAGMA foreign_keys = OFF; DELETE FROM reports WHERE sequence = 3',
      /report 1\/4 of node-1: the reports from 3 on are gone/,
    ],
    [
      'the first reports taken out',
      'DELETE FROM reports WHERE sequence < 3',
      /report 1\/3 of node-1: the reports from 1 on are gone/,
    ],
    [
      'a damaged envelope',
      "UPDATE reports SET envelope = x'0100' WHERE sequence = 2",
      /report 1\/2 of node-1: a stored value is damaged/,
    ],
    [
      'a damaged body',
      "UPDATE bodies SET bytes = x'0041'",
      /measurement body sha256:.*: its bytes have another digest/,
    ],
    ['a damaged seal', "UPDATE seals SET envelope = x'05'", /seal sha256:.*: a stored value has an unknown packing/],
    [
      'a head without its report',
      'PRAGMA foreign_keys = OFF; UPDATE host_states SET report = 77',
      /a row of host_states names a row that is not there/,
    ],
  ])('finds %s', async (_, tampering, problem) => {
    const chain = reportChain('node-1', 5);
    for (const record of chain) await opened.store.recordReport(record);
    await opened.store.recordSeal(sealRecord(chain[4]!, moment(60)));
    tamper(tampering);
    const { status, stdout } = await verify();
    expect(stdout).toMatch(problem);
    expect(stdout).toMatch(/DAMAGED/);
    expect(status).toBe(1);
  });

  it('finds a report that does not follow the one before it', async () => {
    const [one] = reportChain('node-1', 1);
    await opened.store.recordReport(one!);
    await opened.store.recordReport(reportRecord({ sequence: 2, previous: reportRecord({ twist: 'x' }).head.digest }));
    expect((await verify()).stdout).toMatch(/report 1\/2 of node-1: it does not follow the report before it/);
  });

  it('answers programs in JSON', async () => {
    const { stdout } = await run('verify', '--state-dir', opened.directory, '--output', 'json');
    expect(JSON.parse(stdout)).toEqual({
      schema: 'sealwatch/store-verify/v1',
      file: opened.file,
      whole: true,
      reports: '0',
      seals: '0',
      bodies: '0',
      problems: [],
    });
  });

  it('names the file it did not find', async () => {
    const { status, stderr } = await run('verify', '--state-dir', join(opened.directory, 'nowhere'));
    expect(stderr).toMatch(
      /there is no store .*nowhere\/sealwatch\.db; name the collector's directory with --state-dir/,
    );
    expect(status).toBe(2);
  });
});

describe('store backup', () => {
  it('makes a whole copy of one moment while reports are written, and that copy is a store', async () => {
    const chain = reportChain('node-1', 300);
    for (const record of chain.slice(0, 100)) await opened.store.recordReport(record);
    const writing = Promise.all(chain.slice(100).map((record) => opened.store.recordReport(record)));
    const out = join(opened.directory, 'backup', '..', 'monday.db');
    const { status, stdout } = await run('backup', '--state-dir', opened.directory, '--out', out);
    await writing;
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: `${join(opened.directory, 'monday.db')}: ${String(statSync(out).size)} bytes, checked\n`,
    });
    expect((statSync(out).mode & 0o777).toString(8)).toBe('600');

    const copy = await openSqliteStore({ file: join(opened.directory, 'monday.db'), threads: 'inline' });
    const head = await copy.head('node-1');
    expect(head?.sequence).toBeGreaterThanOrEqual(100);
    expect(head).toEqual(chain[(head?.sequence ?? 0) - 1]?.head);
    await copy.close();
  });

  it('leaves a file alone that is there already', async () => {
    const out = join(opened.directory, 'precious');
    writeFileSync(out, 'precious');
    const { status, stderr } = await run('backup', '--state-dir', opened.directory, '--out', out);
    expect(stderr).toMatch(/precious exists and is left as it is/);
    expect(status).toBe(2);
    expect(statSync(out).size).toBe(8);
  });
});

describe('store migrate', () => {
  it('says what it did', async () => {
    await opened.store.close();
    const { status, stdout } = await run('migrate', '--state-dir', opened.directory);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${opened.file}: schema 1 already\n` });
  });

  it('keeps away from a store in use', async () => {
    const { status, stderr } = await run('migrate', '--state-dir', opened.directory);
    expect(stderr).toMatch(/in use by another sealwatch-collector/);
    expect(status).toBe(1);
  });
});

/** As somebody with the rights to the file could. */
function tamper(sql: string): void {
  const db = new Database(opened.file);
  const names = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all();
  for (const name of names) db.exec(`DROP TRIGGER ${name}`);
  db.pragma('foreign_keys = OFF');
  db.exec(sql);
  db.close();
}
