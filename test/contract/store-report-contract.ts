import { expect, it } from 'vitest';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { finding } from '@sealwatch/shared/appraisal/finding.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { filler, FORKED, moment, reportChain, reportRecord, sealRecord } from '../fakes/store-records.js';
import type { TestStore } from '../fakes/test-store.js';
import { openedStore } from './opened-store.js';

export function storeReportContract(open: () => Promise<TestStore>): void {
  const store = openedStore(open);

  it('gives a report back byte for byte, also after a restart', async () => {
    const record = reportRecord();
    expect(await store.now().recordReport(record)).toBe('recorded');
    const stored = { envelope: record.envelope, receivedAt: record.receivedAt };
    expect(await store.now().report('node-1', 1, 1)).toStrictEqual(stored);
    expect(await (await store.restarted()).report('node-1', 1, 1)).toStrictEqual(stored);
  });

  it.each<[string, Envelope]>([
    ['an empty payload', { payloadType: 'text/plain', payload: Buffer.alloc(0), signatures: [] }],
    ['bytes that are no text', envelopeOf(Buffer.from([0, 255, 192, 128, 10, 13]))],
    ['what nothing makes smaller', envelopeOf(filler('incompressible', 300_000))],
    ['a megabyte of one letter', envelopeOf(Buffer.alloc(1_000_000, 'a'))],
    [
      'a key id that is no digest',
      { ...envelopeOf(Buffer.from('{}')), signatures: [{ keyid: 'Schlüssel', sig: Buffer.of(0) }] },
    ],
    ['several signatures', { ...envelopeOf(Buffer.from('{}')), signatures: [1, 2, 3].map((n) => signature(n)) }],
    ['a slice of a larger buffer', envelopeOf(Buffer.from('before{"in":"the middle"}after').subarray(6, 25))],
  ])('keeps %s unchanged', async (_, envelope) => {
    await store.now().recordReport({ ...reportRecord(), envelope });
    const stored = (await store.now().report('node-1', 1, 1))?.envelope;
    // comparing a megabyte element by element takes seconds
    expect(stored?.payload.equals(envelope.payload)).toBe(true);
    expect({ ...stored, payload: '' }).toStrictEqual({ ...envelope, payload: '' });
  });

  it('knows the same report again and changes nothing', async () => {
    const record = reportRecord({ verdict: 'noncompliant' });
    await store.now().recordReport(record);
    const again = { ...record, receivedAt: moment(99), verdict: 'compliant' as const };
    expect(await store.now().recordReport(again)).toBe('duplicate');
    expect((await store.now().report('node-1', 1, 1))?.receivedAt).toBe(record.receivedAt);
    expect((await store.now().history('node-1', { size: 10, cursor: '' })).items).toHaveLength(1);
  });

  it('refuses another report at a place that is taken, and keeps the first', async () => {
    const [first] = reportChain('node-1', 1);
    await store.now().recordReport(first!);
    const fork = store.now().recordReport(reportRecord({ twist: 'another history' }));
    await expect(fork).rejects.toMatchObject({ name: 'CodedError', code: 'chain.fork' });
    expect(await store.now().digestAt('node-1', 1, 1)).toBe(first?.head.digest);
  });

  it('takes back only the refused of many calls made at once', async () => {
    const [one, two, three] = reportChain('node-1', 3);
    const fork = reportRecord({
      sequence: 2,
      twist: 'fork',
      authorities: [{ aspect: 'etcd-ca', digest: FORKED.digest }],
    });
    const outcomes = await Promise.allSettled(
      [one!, two!, fork, three!, two!].map((record) => store.now().recordReport(record)),
    );
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'refused'))).toEqual([
      'recorded',
      'recorded',
      'refused',
      'recorded',
      'duplicate',
    ]);
    expect(await store.now().head('node-1')).toStrictEqual(three?.head);
    expect(await store.now().authorities('node-1')).toEqual([]);
    expect(await store.now().bodies(fork.bodies.map(({ digest }) => digest))).toEqual(new Map());
  });

  it('has no head of a host it never heard of', async () => {
    expect(await store.now().head('node-1')).toBeUndefined();
    expect(await store.now().digestAt('node-1', 1, 1)).toBeUndefined();
    expect(await store.now().report('node-1', 1, 1)).toBeUndefined();
  });

  it('leads with the highest sequence of the highest epoch, in whatever order they come', async () => {
    const [one, , three] = reportChain('node-1', 3);
    await store.now().recordReport(three!);
    await store.now().recordReport(one!);
    expect(await store.now().head('node-1')).toStrictEqual(three?.head);
    const next = reportRecord({ epoch: 2 });
    await store.now().recordReport(next);
    await store.now().recordReport(reportRecord({ epoch: 1, sequence: 9 }));
    expect(await store.now().head('node-1')).toStrictEqual(next.head);
  });

  it('stores a body once, and says nothing of those it does not have', async () => {
    const record = reportRecord();
    const body = record.bodies[0]!;
    const unknown = sha256(Buffer.from('never measured'));
    expect(await store.now().bodies([body.digest, unknown])).toEqual(new Map());
    await store.now().recordReport(record);
    await store.now().recordReport(reportRecord({ host: 'node-2' }));
    expect(await store.now().bodies([body.digest, unknown])).toStrictEqual(new Map([[body.digest, body.bytes]]));
  });

  it('remembers every authority at its first sight', async () => {
    const [old, young] = [sha256(Buffer.from('old ca')), sha256(Buffer.from('young ca'))];
    const seen = [
      [{ aspect: 'kubernetes-ca', digest: old }],
      [{ aspect: 'kubernetes-ca', digest: young }],
      [{ aspect: 'kubernetes-ca', digest: old }],
    ] as const;
    for (const [i, authorities] of seen.entries()) {
      await store.now().recordReport(reportRecord({ sequence: i + 1, receivedAt: moment(i), authorities }));
    }
    expect(await store.now().authorities('node-1')).toEqual([
      { aspect: 'kubernetes-ca', digest: old, firstSeenAt: moment(0) },
      { aspect: 'kubernetes-ca', digest: young, firstSeenAt: moment(1) },
    ]);
  });

  it('tells of each host what it needs to go on after a restart', async () => {
    const chain = reportChain('node-1', 2);
    const alone = reportRecord({ host: 'node-2' });
    for (const record of [...chain, alone]) await store.now().recordReport(record);
    const seal = sealRecord(chain[1]!, moment(40));
    await store.now().recordSeal(sealRecord(chain[1]!, moment(20)));
    await store.now().recordSeal(seal);
    expect(await (await store.restarted()).hostStates()).toStrictEqual([
      {
        host: 'node-1',
        head: chain[1]!.head,
        report: chain[1]!.envelope,
        lastReceivedAt: seal.receivedAt,
        evidenceAt: moment(40),
        seal: seal.envelope,
      },
      {
        host: 'node-2',
        head: alone.head,
        report: alone.envelope,
        lastReceivedAt: alone.receivedAt,
        evidenceAt: alone.signedAt,
        seal: null,
      },
    ]);
  });

  it('takes no seal of an older report for the head', async () => {
    const [one, two] = reportChain('node-1', 2);
    await store.now().recordReport(one!);
    await store.now().recordSeal(sealRecord(one!, moment(300)));
    await store.now().recordReport(two!);
    const [state] = await store.now().hostStates();
    expect(state).toMatchObject({ head: two?.head, seal: null, evidenceAt: two?.signedAt });
  });

  it('keeps the newest seal of a report and day, and each day its own', async () => {
    const report = reportRecord();
    await store.now().recordReport(report);
    const morning = sealRecord(report, moment(10));
    const noon = sealRecord(report, moment(120));
    const tomorrow = sealRecord(report, moment(24 * 60));
    for (const seal of [morning, noon, tomorrow]) expect(await store.now().recordSeal(seal)).toBe('recorded');
    expect(await store.now().recordSeal(noon)).toBe('duplicate');
    expect(await store.now().recordSeal(morning)).toBe('duplicate');
    const { items } = await store.now().history('node-1', { size: 10, cursor: '' });
    expect(items.filter(({ kind }) => kind === 'seal').map(({ digest }) => digest)).toEqual([
      tomorrow.digest,
      noon.digest,
    ]);
    expect((await store.now().hostStates())[0]?.seal).toStrictEqual(tomorrow.envelope);
  });

  it('refuses a seal of a report that it does not hold', async () => {
    const report = reportRecord();
    const early = store.now().recordSeal(sealRecord(report, moment(10)));
    await expect(early).rejects.toMatchObject({ code: 'report.rejected' });
    await store.now().recordReport(report);
    const forked = store.now().recordSeal(sealRecord({ ...report, head: FORKED }, moment(10)));
    await expect(forked).rejects.toMatchObject({ code: 'report.rejected' });
  });

  it('raises its high-water mark with our clock and not with that of a host', async () => {
    expect(await store.now().highWater()).toBeUndefined();
    const report = reportRecord({ signedAt: moment(1_000_000), receivedAt: moment(5) });
    await store.now().recordReport(report);
    expect(await store.now().highWater()).toBe(moment(5));
    await store.now().recordAlarm({ at: moment(7), host: 'node-1', code: 'chain.gap', message: 'gap', envelope: null });
    expect(await store.now().highWater()).toBe(moment(7));
    const earlier = { at: moment(6), host: '', verdict: 'unknown', previous: 'compliant', reasons: [] } as const;
    await store.now().recordVerdictChange(earlier);
    expect(await (await store.restarted()).highWater()).toBe(moment(7));
  });

  it('keeps long findings whole', async () => {
    const findings = Array.from({ length: 300 }, (_, i) =>
      finding('file.digest-mismatch', `file:c${String(i)}:/opt/"quoted"\n/${'x'.repeat(1000)}`, 'a', 'b'),
    );
    await store.now().recordReport(reportRecord({ findings, verdict: 'noncompliant' }));
    const { items } = await store.now().history('node-1', { size: 1, cursor: '' });
    expect(items[0]?.details).toEqual(findings.map(({ code, subject }) => `${code} ${subject}`));
  });
}

function envelopeOf(payload: Buffer): Envelope {
  return { payloadType: 'application/vnd.sealwatch.report.v1+json', payload, signatures: [signature(1)] };
}

function signature(n: number): Envelope['signatures'][number] {
  return { keyid: filler(`signer ${String(n)}`, 32).toString('hex'), sig: filler(`signature ${String(n)}`, 512) };
}
