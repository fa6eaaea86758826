import { parseHostDocument } from '@sealwatch/shared/check/check-json.js';
import type { HostResult } from '@sealwatch/shared/check/check-result.js';
import { renderHost } from '@sealwatch/shared/check/render-host.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import { type Clock, systemClock } from '@sealwatch/shared/runtime/clock.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { HistoryEntry } from '@sealwatch/shared/wire/generated/sealwatch/v1/HistoryEntry.js';
import type { HostDetail } from '@sealwatch/shared/wire/generated/sealwatch/v1/HostDetail.js';
import type { ListHistoryResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListHistoryResponse.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CutNetwork } from '../fakes/cut-network.js';
import { AgentDesk } from '../fakes/enrolled-agent.js';
import { runningEtcd, seenEtcd } from '../fakes/image-measurements.js';
import { plainDigest } from '../fakes/check-results.js';
import { LoneHost } from '../fakes/lone-host.js';
import { answer, RunningCollector } from '../fakes/running-collector.js';
import { waitUntil } from '../fakes/wait-until.js';

const MINUTE = 60_000;
const [FIRST, SECOND] = ['ab'.repeat(16), 'cd'.repeat(16)];

/** The time of day, and whatever a test lets pass beside. */
class PassingClock implements Clock {
  #passed = 0;
  wall = (): number => systemClock.wall() + this.#passed;
  monotonic = (): number => systemClock.monotonic() + this.#passed;
  advance(milliseconds: number): void {
    this.#passed += milliseconds;
  }
}

let clock: PassingClock;
let collector: RunningCollector;
let desk: AgentDesk;
let network: CutNetwork;
let host: LoneHost;

beforeEach(async () => {
  clock = new PassingClock();
  collector = await RunningCollector.start({ clock });
  desk = new AgentDesk();
  await desk.enroll(collector);
  network = await CutNetwork.to(collector.address);
}, 60_000);

afterEach(async () => {
  await host.kill();
  await network.stop();
  desk.dispose();
  await collector.dispose();
});

async function start(instance = FIRST, bounds = {}): Promise<void> {
  host = await LoneHost.start(desk, collector, { address: network.address, instance, clock, bounds });
}

async function connected(): Promise<void> {
  host.connect();
  await waitUntil('connected', () => host.delivery.connected);
}

const drained = (): Promise<boolean> =>
  waitUntil('everything is delivered', () => host.outbox.waiting().length === 0, { timeoutMs: 120_000 });

/** Oldest first. */
async function history(): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  let pageToken = '';
  do {
    const page = await answer<ListHistoryResponse>((done) =>
      collector.query('vera').listHistory({ host: 'host-a', pageSize: 500, pageToken }, done),
    );
    entries.push(...page.entries);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return entries.reverse();
}

async function posture(): Promise<HostResult> {
  const detail = await answer<HostDetail>((done) => collector.query('vera').getHost({ name: 'host-a' }, done));
  return parseHostDocument(detail.result);
}

function sequences(entries: readonly HistoryEntry[]): number[] {
  return entries.filter(({ kind }) => kind === 'report').map(({ sequence }) => sequence);
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

/** Changes at every scan until the outbox takes no more of them; then so many on top. Returns when the first had to wait. */
async function changes(deferred: number): Promise<string> {
  for (let i = 0; ; i++) {
    clock.advance(15 * MINUTE);
    if ((await host.scan(`change ${String(i)}`)) === 'deferred') break;
  }
  const since = clock.wall();
  for (let i = 1; i < deferred; i++) {
    clock.advance(15 * MINUTE);
    expect(await host.scan(`deferred ${String(i)}`)).toBe('deferred');
  }
  return timestamp(since).slice(0, 'YYYY-MM-DDTHH:MM'.length);
}

describe('after a day without the network', () => {
  it('everything signed arrives in order, the rest is summed up, and history tells of both', async () => {
    await start(FIRST, { maxEntries: 40 });
    await host.scan('before');
    await connected();
    await drained();
    network.cut('refused');
    const since = await changes(20);
    for (let hours = 0; hours < 9; hours++) {
      clock.advance(60 * MINUTE);
      await host.scan('deferred 19');
    }
    expect(host.outbox.usage().reports).toBe(40);
    network.heal();
    await drained();

    const entries = await history();
    expect(sequences(entries)).toEqual(upTo(42));
    expect(entries.filter(({ kind }) => kind === 'gap' || kind === 'alarm')).toEqual([]);
    const summed = entries.find(({ kind }) => kind === 'folded');
    expect(summed?.sequence).toBe(42);
    expect(summed?.details[0]).toMatch(new RegExp(`^sums up 20 changes since ${since}.*: the outbox was full$`));
    // of the day, only the time after the last report that found room is not proven
    const unproven = entries.filter(({ kind }) => kind === 'unproven');
    expect(unproven.map(({ sequence }) => sequence)).toEqual([42]);
    const [, from = '', to = ''] = /from (\S+) to (\S+)$/.exec(unproven[0]?.details[0] ?? '') ?? [];
    expect(Math.round((Date.parse(to) - Date.parse(from)) / MINUTE)).toBe(20 * 15 + 9 * 60);
    // what was signed during the day came at its end
    const [late] = entries.filter(({ kind, sequence }) => kind === 'report' && sequence === 2);
    expect(Date.parse(late?.at ?? '') - Date.parse(late?.signedAt ?? '')).toBeGreaterThan(20 * 60 * MINUTE);

    const result = await posture();
    expect(result.folded?.changes).toBe(20);
    expect(renderHost(result, { color: false, cached: true }).join('\n')).toMatch(
      new RegExp(`The newest report sums up 20 changes since ${since}`),
    );
    clock.advance(15 * MINUTE);
    await host.scan('after');
    await drained();
    expect((await posture()).folded).toBeUndefined();
  }, 120_000);

  it('a host that was killed meanwhile reports what it is now as soon as there is room', async () => {
    await start(FIRST, { maxEntries: 10 });
    network.cut('refused');
    host.connect();
    await changes(5);
    const before = host.outbox.head();
    await host.kill();
    clock.advance(60 * MINUTE);
    await start(SECOND, { maxEntries: 10 });
    expect(host.outbox.head()).toEqual(before);
    expect(await host.scan('newest')).toBe('deferred');
    network.heal();
    await connected();
    await drained();
    const entries = await history();
    expect(sequences(entries)).toEqual(upTo(11));
    // what was summed up in memory is lost, and shows as time without proof
    expect(entries.find(({ kind }) => kind === 'folded')?.details[0]).toMatch(/^sums up 1 change since/);
    const [, from = '', to = ''] =
      /from (\S+) to (\S+)$/.exec(entries.find(({ kind }) => kind === 'unproven')?.details[0] ?? '') ?? [];
    expect(Math.round((Date.parse(to) - Date.parse(from)) / MINUTE)).toBe(5 * 15 + 60);
    clock.advance(15 * MINUTE);
    expect(await host.scan('newest')).toBe('sealed');
  }, 120_000);

  it('a state that held all day is proven all day', async () => {
    await start();
    await host.scan('same');
    await connected();
    await drained();
    network.cut('refused');
    for (let i = 0; i < 96; i++) {
      clock.advance(15 * MINUTE);
      expect(await host.scan('same')).toBe('sealed');
    }
    clock.advance(15 * MINUTE);
    await host.scan('other');
    expect(host.outbox.usage()).toMatchObject({ reports: 1, seals: 1 });
    network.heal();
    await drained();
    const entries = await history();
    expect(entries.filter(({ kind }) => kind === 'unproven' || kind === 'folded')).toEqual([]);
    expect(sequences(entries)).toEqual([1, 2]);
  }, 120_000);
});

describe('behind a router that swallows everything', () => {
  it('the stream is given up, and all that waits arrives over the next', async () => {
    await start();
    await host.scan('before');
    await connected();
    await drained();
    network.cut('swallowed');
    await host.scan('during');
    await host.scan('during 2');
    // the connection looks alive until a ping goes unanswered
    await waitUntil('it is noticed', () => !host.delivery.connected, { timeoutMs: 60_000 });
    network.heal();
    await drained();
    expect(sequences(await history())).toEqual([1, 2, 3]);
  }, 120_000);
});

describe('a full outbox', () => {
  /** 58 KB that hardly compress. */
  const large = (i: number): Partial<Parameters<LoneHost['scan']>[1]> => {
    const unpacked = Array.from({ length: 420 }, (_, n) => {
      const hex = ((i * 420 + n) * 2654435761).toString(16).padStart(16, '0').slice(-16);
      return { path: `/usr/lib/${hex}`, digest: plainDigest('a').replace(/a{16}$/, hex) as never, shadowing: false };
    });
    const measurement = seenEtcd({ containers: [runningEtcd({ unpacked })], stored: [], pods: [] });
    return { subjects: [{ id: 'image:etcd', body: encodeMeasurement(measurement) }] };
  };

  it('of the default bounds is back in seconds', async () => {
    await start();
    network.cut('refused');
    host.connect();
    const filling = performance.now();
    for (let i = 0; ; i++) {
      clock.advance(MINUTE);
      if ((await host.scan('', large(i))) === 'deferred') break;
    }
    const { reports, seals, bytes, maxBytes } = host.outbox.usage();
    expect(reports === 1000 || bytes > 0.95 * maxBytes).toBe(true);
    const filledMs = performance.now() - filling;
    network.heal();
    const back = performance.now();
    await waitUntil('connected', () => host.delivery.connected);
    const connectedMs = performance.now() - back;
    await drained();
    const seconds = (ms: number): string => (ms / 1000).toFixed(1);
    console.log(
      `full outbox: ${String(reports)} reports, ${String(seals)} seals, ${(bytes / 2 ** 20).toFixed(1)} MiB, ` +
        `filled in ${seconds(filledMs)} s; connected after ${seconds(connectedMs)} s, empty after ${seconds(performance.now() - back)} s`,
    );
    expect(sequences(await history())).toEqual(upTo(reports + 1));
  }, 300_000);
});
