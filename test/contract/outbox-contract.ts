import type { Outbox, OutboxBounds, StatementRef } from '@sealwatch/agent/outbox/outbox.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { ChainBench, kubelet } from '../fakes/agent-chain.js';

const ROOMY: OutboxBounds = { maxEntries: 1000, maxBytes: 64 * 1024 * 1024 };

export interface OutboxUnderTest {
  /** A new one, empty. */
  readonly open: (bounds: OutboxBounds) => Promise<Outbox>;
  /** The same again, as after a restart; undefined if this kind keeps nothing. */
  readonly reopen?: (outbox: Outbox) => Promise<Outbox>;
}

/** What every outbox must keep, filled by a real chain of signed reports and seals. */
export function outboxContract(name: string, { open, reopen }: OutboxUnderTest): void {
  describe(`${name} keeps the outbox contract`, () => {
    let outbox: Outbox;
    let bench: ChainBench;
    beforeEach(async () => {
      outbox = await open(ROOMY);
      bench = new ChainBench(outbox);
    });

    const kinds = (refs: readonly StatementRef[]): string[] =>
      refs.map(({ kind, sequence }) => `${kind} ${String(sequence)}`);

    it('has no head and nothing waiting before the first report', () => {
      expect(outbox.head()).toBeNull();
      expect(outbox.waiting()).toEqual([]);
    });

    it('lists by sequence, a report before its seal, whatever came when', async () => {
      await bench.scan('a');
      const [first] = outbox.waiting();
      await bench.scan('b');
      await bench.scan('b');
      const place = first as Head;
      await outbox.putSeal({ place, envelope: envelopeOf(await sealOf(outbox)) });
      expect(kinds(outbox.waiting())).toEqual(['report 1', 'seal 1', 'report 2', 'seal 2']);
    });

    it('returns each statement byte for byte', async () => {
      await bench.scan('a');
      await bench.scan('a');
      for (const ref of outbox.waiting()) {
        const envelope = await outbox.envelope(ref);
        expect(envelope && sha256(envelope.payload)).toBe(ref.digest);
        expect(envelope?.signatures).toHaveLength(1);
      }
    });

    it('keeps only the newest seal of a report, and an answer for the older one changes nothing', async () => {
      await bench.scan('a');
      await bench.scan('a');
      const older = outbox.waiting()[1]!;
      bench.clock.advance(1000);
      await bench.scan('a');
      expect(kinds(outbox.waiting())).toEqual(['report 1', 'seal 1']);
      expect(outbox.waiting()[1]?.digest).not.toBe(older.digest);
      expect(await outbox.envelope(older)).toBeUndefined();
      await outbox.settle(older);
      await outbox.reject(older, { code: 'report.rejected', message: '' });
      expect(kinds(outbox.waiting())).toEqual(['report 1', 'seal 1']);
    });

    it('forgets what was settled, but never the head', async () => {
      await bench.scan('a');
      await bench.scan('b');
      const head = outbox.head();
      for (const ref of outbox.waiting()) await outbox.settle(ref);
      expect(outbox.waiting()).toEqual([]);
      expect(outbox.head()).toEqual(head);
      await bench.scan('c');
      expect(outbox.head()).toMatchObject({ sequence: 3 });
      expect((await bench.waitingReports())[0]?.previous).toBe(head?.digest);
    });

    it('settles twice without harm, and what it never had', async () => {
      await bench.scan('a');
      const [ref] = outbox.waiting();
      await outbox.settle(ref!);
      await outbox.settle(ref!);
      await outbox.settle({ kind: 'report', epoch: 1, sequence: 99, digest: ref!.digest });
      expect(outbox.waiting()).toEqual([]);
    });

    it('never lists a rejected statement again; a rejected report takes its seal along', async () => {
      await bench.scan('a');
      await bench.scan('a');
      await bench.scan('b');
      const [report] = outbox.waiting();
      await outbox.reject(report!, { code: 'statement.malformed', message: 'no' });
      expect(kinds(outbox.waiting())).toEqual(['report 2']);
      expect(outbox.head()).toMatchObject({ sequence: 2 });
      expect(await outbox.envelope(report!)).toBeUndefined();
    });

    it('keeps its head when the newest report is rejected', async () => {
      await bench.scan('a');
      const head = outbox.head();
      await outbox.reject(outbox.waiting()[0]!, { code: 'chain.fork', message: '' });
      expect(outbox.head()).toEqual(head);
    });

    it('has the bodies of every waiting report and of the newest one, also when that was delivered', async () => {
      await bench.scan('a');
      await bench.scan('b');
      expect(await digestsIn(outbox, ['a', 'b', 'c'])).toEqual(['a', 'b']);
      await outbox.settle(outbox.waiting()[0]!);
      expect(await digestsIn(outbox, ['a', 'b'])).toEqual(['b']);
      await outbox.settle(outbox.waiting()[0]!);
      expect(await digestsIn(outbox, ['a', 'b'])).toEqual(['b']);
      await bench.scan('c');
      for (const ref of outbox.waiting()) await outbox.settle(ref);
      expect(await digestsIn(outbox, ['b', 'c'])).toEqual(['c']);
    });

    it('refuses a report over the bound and is unchanged; seals and the next after an answer go in', async () => {
      outbox = await open({ ...ROOMY, maxEntries: 2 });
      bench = new ChainBench(outbox);
      await bench.scan('a');
      await bench.scan('b');
      expect(await bench.scan('c')).toBe('deferred');
      expect(kinds(outbox.waiting())).toEqual(['report 1', 'report 2']);
      expect(outbox.head()).toMatchObject({ sequence: 2 });
      expect(await digestsIn(outbox, ['c'])).toEqual([]);
      await outbox.settle(outbox.waiting()[0]!);
      await bench.chain.retryDeferred();
      expect(kinds(outbox.waiting())).toEqual(['report 2', 'report 3']);
      expect(await bench.scan('c')).toBe('sealed');
    });

    it('counts bytes too, but takes a single report however large', async () => {
      outbox = await open({ ...ROOMY, maxBytes: 100 });
      bench = new ChainBench(outbox);
      expect(await bench.scan('a')).toBe('reported');
      expect(outbox.usage()).toMatchObject({ reports: 1, seals: 0, maxBytes: 100 });
      expect(outbox.usage().bytes).toBeGreaterThan(100);
      expect(await bench.scan('b')).toBe('deferred');
    });

    it('tells its listeners of every change until they stop listening', async () => {
      let calls = 0;
      const stop = outbox.subscribe(() => (calls += 1));
      await bench.scan('a');
      await bench.scan('a');
      await outbox.settle(outbox.waiting()[0]!);
      expect(calls).toBe(3);
      stop();
      await bench.scan('a');
      expect(calls).toBe(3);
    });

    if (reopen === undefined) return;

    it('is after a restart what it was before', async () => {
      await bench.scan('a');
      await bench.scan('a');
      await bench.scan('b');
      await outbox.settle(outbox.waiting()[0]!);
      const again = await reopen(outbox);
      expect(again.waiting()).toEqual(outbox.waiting());
      expect(again.head()).toEqual(outbox.head());
      expect(again.usage()).toEqual(outbox.usage());
      expect(await digestsIn(again, ['a', 'b'])).toEqual(['b']);
    });

    it('has after a restart the head and the bodies of a state that was delivered', async () => {
      await bench.scan('a');
      for (const ref of outbox.waiting()) await outbox.settle(ref);
      const again = await reopen(outbox);
      expect(again.waiting()).toEqual([]);
      expect(again.head()).toEqual(outbox.head());
      expect(await digestsIn(again, ['a'])).toEqual(['a']);
    });
  });
}

async function digestsIn(outbox: Outbox, contents: readonly string[]): Promise<string[]> {
  const bodies = await outbox.bodies(contents.map((content) => kubelet(content).digest));
  const found = new Set(bodies.map(({ digest }) => digest));
  for (const { digest, bytes } of bodies) expect(sha256(bytes)).toBe(digest);
  return contents.filter((content) => found.has(kubelet(content).digest));
}

/** Any waiting seal's envelope: the outbox does not look into what it is given. */
async function sealOf(outbox: Outbox): Promise<Envelope | undefined> {
  const ref = outbox.waiting().find(({ kind }) => kind === 'seal');
  return ref && outbox.envelope(ref);
}

function envelopeOf(envelope: Envelope | undefined): Envelope {
  if (envelope === undefined) throw new Error('there is no seal');
  return envelope;
}
