import { finding } from '@sealwatch/shared/appraisal/finding.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { MAX_SUBJECTS } from '@sealwatch/shared/statement/report.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { ChainBench, kubelet, observation } from '../fakes/agent-chain.js';
import { MemoryOutbox } from '../fakes/memory-outbox.js';

const NONCE = 'cd'.repeat(16);
const MINUTE = 60_000;
const DAY = 86_400_000;

let outbox: MemoryOutbox;
let bench: ChainBench;
beforeEach(() => {
  outbox = new MemoryOutbox();
  bench = new ChainBench(outbox);
});

describe('a chain of reports', () => {
  it('reports at start, then only when something changed, each continuing the one before', async () => {
    expect(await bench.scan('good')).toBe('reported');
    bench.clock.advance(MINUTE);
    expect(await bench.scan('good')).toBe('sealed');
    bench.clock.advance(MINUTE);
    expect(await bench.scan('bad')).toBe('reported');
    const reports = await bench.waitingReports();
    expect(reports.map(({ sequence, reason }) => [sequence, reason])).toEqual([
      [1, 'start'],
      [2, 'change'],
    ]);
    const [first] = outbox.waiting();
    expect(reports.map(({ previous }) => previous)).toEqual([null, first?.digest]);
    expect(outbox.head()).toMatchObject({ epoch: 1, sequence: 2 });
    expect(reports[1]?.subjects).toEqual([{ id: 'file:kubelet:/usr/bin/kubelet', measurement: kubelet('bad').digest }]);
  });

  it('begins an epoch after a replaced enrolment with the old head', async () => {
    const previousHead = sha256(Buffer.from('old head'));
    bench = new ChainBench(outbox, { epoch: 2, previousHead });
    await bench.scan('good');
    expect(await bench.waitingReports()).toMatchObject([{ epoch: 2, sequence: 1, previous: previousHead }]);
  });

  it('reports a changed finding over unchanged measurements, and no change when only the time of day is in it', async () => {
    await bench.scan('good');
    const expired = (at: string) => [finding('manifest.expired', 'manifest:m', 'before noon', at)];
    bench.clock.advance(MINUTE);
    expect(await bench.scan('good', { findings: expired('12:01') })).toBe('reported');
    bench.clock.advance(MINUTE);
    expect(await bench.scan('good', { findings: expired('12:02') })).toBe('sealed');
  });

  it('reports under every new release, also if nothing else changed', async () => {
    await bench.scan('good');
    const release = { version: 2, digest: sha256(Buffer.from('release 2')) };
    expect(await bench.scan('good', { release })).toBe('reported');
    expect((await bench.waitingReports())[1]).toMatchObject({ reason: 'release', release });
    expect(await bench.scan('good', { release })).toBe('sealed');
  });

  it('reports again before a week is over', async () => {
    await bench.scan('good');
    bench.clock.advance(5 * DAY);
    expect(await bench.scan('good')).toBe('sealed');
    bench.clock.advance(DAY);
    expect(await bench.scan('good')).toBe('reported');
    expect((await bench.waitingReports())[1]?.reason).toBe('periodic');
  });

  it('reports anew after the collector refused its newest report, and not after it refused an older one', async () => {
    await bench.scan('good');
    await bench.scan('bad');
    bench.chain.reportRejected({ sequence: 1 });
    expect(await bench.scan('bad')).toBe('sealed');
    bench.chain.reportRejected({ sequence: 2 });
    expect(await bench.scan('bad')).toBe('reported');
    expect(await bench.scan('bad')).toBe('sealed');
  });

  it('refuses to sign what no collector would read, and signs the next that fits', async () => {
    const body = kubelet('good');
    const subjects = Array.from({ length: MAX_SUBJECTS }, (_, i) => ({
      id: `file:kubelet:/${'x'.repeat(500)}${String(i)}`,
      body,
    }));
    await expect(bench.scan('good', { subjects })).rejects.toMatchObject({ code: 'statement.too-large' });
    expect(outbox.waiting()).toEqual([]);
    expect(await bench.scan('good')).toBe('reported');
    expect((await bench.waitingReports())[0]).toMatchObject({ sequence: 1, folded: null });
  });
});

describe('a look at some of the host', () => {
  const whole = { startedAt: Date.parse('2026-11-23T09:50:00.000Z'), startedMonotonic: 400_000 };

  it('that found a change is a report which says from when the rest is', async () => {
    await bench.scan('good');
    bench.clock.advance(1000);
    expect(await bench.scan('bad', { carriedFrom: whole })).toBe('reported');
    const reports = await bench.waitingReports();
    expect(reports.map(({ reason, carriedFrom }) => [reason, carriedFrom])).toEqual([
      ['start', undefined],
      ['change', '2026-11-23T09:50:00.000Z'],
    ]);
  });

  it('that found no change says nothing: it proves nothing of the rest', async () => {
    await bench.scan('good');
    bench.clock.advance(1000);
    expect(await bench.scan('good', { carriedFrom: whole })).toBe('unchanged');
    expect(outbox.waiting().map(({ kind }) => kind)).toEqual(['report']);
  });

  it('closes no gap between two looks at the whole host', async () => {
    const first = { startedAt: bench.clock.wall(), startedMonotonic: bench.clock.monotonic() };
    await bench.scan('good');
    bench.clock.advance(10 * MINUTE);
    await bench.scan('bad', { carriedFrom: first });
    bench.clock.advance(5 * MINUTE);
    expect(await bench.scan('bad')).toBe('sealed');
    expect(await bench.waitingSeals()).toMatchObject([{ sequence: 2, longestGapMs: 15 * MINUTE }]);
  });

  it('during a look at all of it does not let that one seal what it began before', async () => {
    await bench.scan('good');
    bench.clock.advance(MINUTE);
    const began = { startedAt: bench.clock.wall(), startedMonotonic: bench.clock.monotonic() };
    bench.clock.advance(MINUTE);
    await bench.scan('bad', { carriedFrom: whole });
    bench.clock.advance(MINUTE);
    expect(await bench.scan('bad', began)).toBe('reported');
    expect((await bench.waitingReports())[2]?.carriedFrom).toBeUndefined();
  });

  it('waits with the rest while there is no room, and says no less than what waits', async () => {
    await bench.scan('good');
    outbox.full = true;
    await bench.scan('bad');
    expect(await bench.scan('bad', { carriedFrom: whole })).toBe('deferred');
    outbox.full = false;
    await bench.chain.retryDeferred();
    const last = (await bench.waitingReports()).at(-1);
    expect(last).toMatchObject({ folded: { changes: 1 } });
    expect(last?.carriedFrom).toBeUndefined();
  });
});

describe('a seal', () => {
  it('claims from the end of the first scan to the start of the last, and the longest gap between', async () => {
    const start = bench.clock.wall();
    const scanning = (): Parameters<ChainBench['scan']>[1] => ({ endedAt: bench.clock.wall() + 10_000 });
    await bench.scan('good', scanning());
    bench.clock.advance(15 * MINUTE);
    await bench.scan('good', scanning());
    bench.clock.advance(40 * MINUTE);
    await bench.scan('good', scanning());
    bench.clock.advance(15 * MINUTE);
    await bench.scan('good', scanning());
    expect(await bench.waitingSeals()).toMatchObject([
      {
        sequence: 1,
        reportDigest: outbox.head()?.digest,
        since: timestamp(start + 10_000),
        until: timestamp(start + 70 * MINUTE),
        deepestCheckAt: timestamp(start + 70 * MINUTE),
        observations: 4,
        longestGapMs: 40 * MINUTE,
        nonce: null,
      },
    ]);
  });

  it('is not made over a wall clock that was set back: a report begins anew there', async () => {
    await bench.scan('good');
    bench.clock.advance(MINUTE);
    bench.clock.setWall('2026-11-23T08:00:00.000Z');
    expect(await bench.scan('good')).toBe('reported');
    bench.clock.advance(MINUTE);
    expect(await bench.scan('good')).toBe('sealed');
    const [since, until] = ['2026-11-23T08:00:00.000Z', '2026-11-23T08:01:00.000Z'];
    expect((await bench.waitingReports())[1]).toMatchObject({ reason: 'change', at: since });
    expect(await bench.waitingSeals()).toMatchObject([{ sequence: 2, since, until }]);
  });

  it('shows the time a host slept as a gap although the monotonic clock stood still', async () => {
    await bench.scan('good');
    bench.clock.setWall('2026-11-23T13:00:00.000Z');
    await bench.scan('good');
    expect(await bench.waitingSeals()).toMatchObject([{ longestGapMs: 180 * MINUTE }]);
  });

  it('answers a challenge when everything is unchanged; a report does when something is not', async () => {
    await bench.scan('good');
    bench.clock.advance(1000);
    expect(await bench.scan('good', { nonce: NONCE })).toBe('sealed');
    expect(await bench.waitingSeals()).toMatchObject([{ nonce: NONCE, until: bench.now() }]);
    expect(await bench.scan('bad', { nonce: 'ef'.repeat(16) })).toBe('reported');
    expect((await bench.waitingReports())[1]).toMatchObject({ reason: 'nonce', nonce: 'ef'.repeat(16) });
  });

  it('keeps an undelivered answer when a later seal replaces it, and drops it once delivered', async () => {
    await bench.scan('good');
    await bench.scan('good', { nonce: NONCE });
    await bench.scan('good');
    expect(await bench.waitingSeals()).toMatchObject([{ nonce: NONCE, observations: 3 }]);
    for (const ref of outbox.waiting()) await outbox.settle(ref);
    await bench.scan('good');
    expect(await bench.waitingSeals()).toMatchObject([{ nonce: null, observations: 4 }]);
  });

  it('is made up for before the next report and at closing if there was no room when it was due', async () => {
    await bench.scan('good');
    outbox.full = true;
    bench.clock.advance(MINUTE);
    expect(await bench.scan('good')).toBe('unsealed');
    const held = bench.now();
    outbox.full = false;
    bench.clock.advance(MINUTE);
    expect(await bench.scan('bad')).toBe('reported');
    expect(await bench.waitingSeals()).toMatchObject([{ sequence: 1, until: held, observations: 2 }]);

    outbox.full = true;
    bench.clock.advance(MINUTE);
    await bench.scan('bad');
    outbox.full = false;
    await bench.chain.close();
    expect((await bench.waitingSeals())[1]).toMatchObject({ sequence: 2, until: bench.now(), observations: 2 });
  });

  it('is not made for a state that was seen only once: the report itself says that', async () => {
    await bench.scan('good');
    await bench.chain.close();
    expect(await bench.waitingSeals()).toEqual([]);
  });
});

describe('changes while there is no room', () => {
  it('are summed up in one report, which says how many there were and since when', async () => {
    await bench.scan('good');
    outbox.full = true;
    bench.clock.advance(MINUTE);
    const since = bench.now();
    for (const content of ['a', 'a', 'b', 'good']) {
      expect(await bench.scan(content)).toBe('deferred');
      bench.clock.advance(MINUTE);
    }
    outbox.full = false;
    await bench.chain.retryDeferred();
    const reports = await bench.waitingReports();
    expect(reports).toHaveLength(2);
    expect(reports[1]).toMatchObject({
      sequence: 2,
      previous: outbox.waiting()[0]?.digest,
      folded: { changes: 3, since },
      subjects: [{ measurement: kubelet('good').digest }],
    });
    expect(await bench.scan('good')).toBe('sealed');
    expect(await bench.scan('bad')).toBe('reported');
    expect((await bench.waitingReports())[2]?.folded).toBeNull();
  });

  it('are never sealed over: no seal says the old state held while another one waits', async () => {
    await bench.scan('good');
    outbox.full = true;
    bench.clock.advance(MINUTE);
    await bench.scan('bad');
    bench.clock.advance(MINUTE);
    await bench.scan('good');
    outbox.full = false;
    await bench.chain.close();
    expect(await bench.waitingSeals()).toEqual([]);
  });

  it('carry the answer to a challenge that came meanwhile', async () => {
    await bench.scan('good');
    outbox.full = true;
    await bench.scan('bad', { nonce: NONCE });
    await bench.scan('bad');
    outbox.full = false;
    await bench.chain.retryDeferred();
    expect((await bench.waitingReports())[1]).toMatchObject({ nonce: NONCE, folded: { changes: 1 } });
  });

  it('do not include a report that merely repeats: it is left to the next scan and the state is sealed', async () => {
    await bench.scan('good');
    bench.clock.advance(6 * DAY);
    outbox = new MemoryOutbox({ maxEntries: 1, maxBytes: 1e9 });
    bench = new ChainBench(outbox);
    await bench.scan('good');
    bench.clock.advance(6 * DAY);
    expect(await bench.scan('good')).toBe('sealed');
    for (const ref of outbox.waiting()) await outbox.settle(ref);
    expect(await bench.scan('good')).toBe('reported');
    expect((await bench.waitingReports())[0]).toMatchObject({ sequence: 2, reason: 'periodic', folded: null });
  });
});

it('observes one at a time, however they are asked for', async () => {
  const scans = ['a', 'b', 'c', 'd'].map((content) => bench.chain.observe(observation(bench.clock, content)));
  expect(await Promise.all(scans)).toEqual(['reported', 'reported', 'reported', 'reported']);
  const reports = await bench.waitingReports();
  expect(reports.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
});
