import {
  appendFileSync,
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { readRejections } from '@sealwatch/agent/outbox/rejected-files.js';
import { surveyOutbox } from '@sealwatch/agent/outbox/survey-outbox.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChainBench, kubelet } from '../fakes/agent-chain.js';
import { OutboxDirectory } from '../fakes/outbox-directory.js';

let directory: OutboxDirectory;
beforeEach(async () => {
  directory = await OutboxDirectory.create();
});
afterEach(() => {
  directory.remove();
});

const file = (name: string): string => join(directory.outbox, name);
const statements = (): string[] =>
  readdirSync(directory.outbox)
    .filter((name) => /\.(report|seal)$/.test(name))
    .sort();

/** Signs one report per content, and a seal of each. */
async function filled(...contents: string[]): Promise<ChainBench> {
  const bench = new ChainBench(await directory.open());
  for (const content of contents) {
    await bench.scan(content);
    await bench.scan(content);
  }
  return bench;
}

describe('an outbox directory', () => {
  it('holds one readable file per statement, private, and one per body', async () => {
    await filled('a', 'b');
    expect(statements()).toEqual(['0000000001.report', '0000000001.seal', '0000000002.report', '0000000002.seal']);
    expect(readdirSync(file('bodies')).sort()).toEqual(
      ['a', 'b'].map((content) => kubelet(content).digest.slice(7)).sort(),
    );
    for (const name of statements()) expect(statSync(file(name)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file('0000000001.report'), 'utf8'))).toMatchObject({
      payloadType: 'application/vnd.sealwatch.report.v1+json',
    });
  });

  it('is cleared of what a crash tore: half-written files, and bodies no report names', async () => {
    await filled('a');
    writeFileSync(file('.0000000002.report.abcdef.tmp'), '{"payloadTy', { mode: 0o600 });
    writeFileSync(join(file('bodies'), '.x.tmp'), 'half', { mode: 0o600 });
    writeFileSync(join(file('bodies'), kubelet('b').digest.slice(7)), kubelet('b').bytes, { mode: 0o600 });
    const outbox = await directory.open();
    expect(readdirSync(directory.outbox).some((name) => name.startsWith('.'))).toBe(false);
    expect(readdirSync(file('bodies'))).toEqual([kubelet('a').digest.slice(7)]);
    expect(outbox.head()).toMatchObject({ sequence: 1 });
  });

  it('writes the head before the newest report goes, and needs not to for older ones', async () => {
    const { outbox } = await filled('a', 'b');
    const [first, firstSeal, second, secondSeal] = outbox.waiting();
    const head = (): unknown => (JSON.parse(readFileSync(file('head.json'), 'utf8')) as { head: unknown }).head;
    await outbox.settle(first!);
    await outbox.settle(firstSeal!);
    expect(head()).toBeNull();
    await outbox.settle(second!);
    expect(head()).toMatchObject({ sequence: 2, digest: second?.digest });
    await outbox.settle(secondSeal!);
    expect(statements()).toEqual([]);
    expect((await directory.open()).head()).toEqual({ epoch: 1, sequence: 2, digest: second?.digest });
  });

  it('does not pass over a damaged body as if it were one', async () => {
    const { outbox } = await filled('a');
    appendFileSync(join(file('bodies'), kubelet('a').digest.slice(7)), 'x');
    expect(await outbox.bodies([kubelet('a').digest])).toEqual([]);
  });

  it('lets an answered report go although somebody removed its file', async () => {
    const { outbox } = await filled('a', 'b');
    rmSync(file('0000000001.report'));
    await outbox.settle(outbox.waiting()[0]!);
    expect(outbox.waiting().map(({ sequence }) => sequence)).toEqual([1, 2, 2]);
  });
});

describe('a chain is lost, and the way out is named,', () => {
  const lost = {
    code: 'chain.lost',
    message: expect.stringMatching(/tokens create .*--replace.*enroll --replace/) as string,
  };

  it('when there is no head file, though the host is enrolled', async () => {
    await filled('a');
    rmSync(file('head.json'));
    await expect(directory.open()).rejects.toMatchObject(lost);
  });

  it('when the head file is damaged', async () => {
    writeFileSync(file('head.json'), '{"head":{"epoch":1', { mode: 0o600 });
    await expect(directory.open()).rejects.toMatchObject(lost);
  });

  it('when the newest report is damaged, at every start', async () => {
    await filled('a', 'b');
    writeFileSync(file('0000000002.report'), '{}', { mode: 0o600 });
    await expect(directory.open()).rejects.toMatchObject(lost);
    await expect(directory.open()).rejects.toMatchObject(lost);
  });

  it('but not when an older statement is: that one is set aside, and the chain goes on', async () => {
    await filled('a', 'b');
    writeFileSync(file('0000000001.report'), readFileSync(file('0000000002.report')), { mode: 0o600 });
    const outbox = await directory.open();
    expect(statements()).toEqual(['0000000001.seal', '0000000002.report', '0000000002.seal']);
    expect(outbox.head()).toMatchObject({ sequence: 2 });
    expect(await readRejections(directory.rejected)).toMatchObject([{ sequence: 1, code: 'store.corrupt' }]);
  });
});

it('refuses files that others could read or change', async () => {
  await filled('a');
  chmodSync(file('0000000001.report'), 0o644);
  await expect(directory.open()).rejects.toMatchObject({ code: 'file.too-permissive' });
  chmodSync(file('0000000001.report'), 0o600);
  chmodSync(directory.outbox, 0o755);
  await expect(directory.open()).rejects.toMatchObject({ code: 'file.too-permissive' });
});

describe('a rejected statement', () => {
  it('is kept beside its reason for people', async () => {
    const { outbox } = await filled('a');
    await outbox.reject(outbox.waiting()[0]!, { code: 'statement.malformed', message: 'what is that' });
    expect(statements()).toEqual([]);
    expect(readdirSync(directory.rejected).sort()).toEqual([
      '0000000001.report',
      '0000000001.report.reason.json',
      '0000000001.seal',
      '0000000001.seal.reason.json',
    ]);
    expect((await readRejections(directory.rejected))[0]).toMatchObject({
      kind: 'report',
      sequence: 1,
      code: 'statement.malformed',
      message: 'what is that',
    });
    expect((await directory.open()).head()).toMatchObject({ sequence: 1 });
  });

  it('does not fill the disk: the newest 200 stay', async () => {
    const bench = new ChainBench(await directory.open());
    for (let i = 0; i < 205; i++) {
      await bench.scan(String(i));
      await bench.outbox.reject(bench.outbox.waiting()[0]!, { code: 'report.rejected', message: '' });
    }
    const kept = (await readRejections(directory.rejected)).map(({ sequence }) => sequence);
    expect(kept).toHaveLength(200);
    expect([kept[0], kept[199]]).toEqual([6, 205]);
    expect(existsSync(join(directory.rejected, '0000000005.report.reason.json'))).toBe(false);
  }, 60_000);
});

it('can be surveyed from outside while it is in use', async () => {
  const { outbox } = await filled('a', 'b');
  await outbox.settle(outbox.waiting()[0]!);
  const survey = await surveyOutbox(directory.outbox);
  expect(survey).toEqual({
    head: outbox.head(),
    reports: 1,
    seals: 2,
    bytes: outbox.usage().bytes,
    oldestAt: expect.any(Number) as number,
  });
});
