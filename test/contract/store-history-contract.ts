import { expect, it } from 'vitest';
import { finding } from '@sealwatch/shared/appraisal/finding.js';
import type { HistoryEntry } from '@sealwatch/collector/store/report-store.js';
import type { Store } from '@sealwatch/collector/store/store.js';
import { moment, newCertificate, reportChain, reportRecord, sealRecord } from '../fakes/store-records.js';
import type { TestStore } from '../fakes/test-store.js';
import { openedStore } from './opened-store.js';

export function storeHistoryContract(open: () => Promise<TestStore>): void {
  const store = openedStore(open);

  it('tells everything that happened to a host, newest first', async () => {
    const now = store.now();
    const host = 'node-1';
    await now.addToken({ hash: 'a', host, createdAt: moment(0), expiresAt: moment(60), replace: false });
    await now.enroll({ tokenHash: 'a', at: moment(1), certificates: [newCertificate(host, 'host-tls', '01')] });
    const report = reportRecord({ receivedAt: moment(2) });
    await now.recordReport(report);
    const seal = sealRecord(report, moment(30));
    await now.recordSeal(seal);
    const findings = [finding('file.digest-mismatch', 'file:kubelet:/usr/bin/kubelet', 'sha256:a', 'sha256:b')];
    const later = reportRecord({ sequence: 5, receivedAt: moment(40), verdict: 'noncompliant', findings, gapFrom: 2 });
    await now.recordReport(later);
    const reasons = ['file.digest-mismatch file:kubelet:/usr/bin/kubelet'];
    await now.recordVerdictChange({ at: moment(41), host, verdict: 'noncompliant', previous: 'compliant', reasons });
    await now.recordAlarm({
      at: moment(42),
      host,
      code: 'chain.gap',
      message: '3 reports are missing',
      envelope: null,
    });
    await now.revokeHost({ host, at: moment(43), reason: 'stolen', by: 'alice' });

    expect((await now.history(host, { size: 20, cursor: '' })).items).toEqual([
      line(43, 'revocation', { epoch: 1, details: ['by alice: stolen'] }),
      line(42, 'alarm', { details: ['chain.gap 3 reports are missing'] }),
      line(41, 'verdict', { verdict: 'noncompliant', details: reasons }),
      line(40, 'report', {
        epoch: 1,
        sequence: 5,
        verdict: 'noncompliant',
        details: ['file.digest-mismatch file:kubelet:/usr/bin/kubelet'],
        digest: later.head.digest,
        signedAt: later.signedAt,
      }),
      line(40, 'gap', { epoch: 1, sequence: 2, details: ['reports 2 to 4 are missing'] }),
      {
        ...line(0, 'seal', { epoch: 1, sequence: 1, digest: seal.digest }),
        at: seal.receivedAt,
        details: [`held from ${seal.since} to ${seal.until}`],
        signedAt: seal.until,
      },
      line(2, 'report', {
        epoch: 1,
        sequence: 1,
        verdict: 'compliant',
        digest: report.head.digest,
        signedAt: report.signedAt,
      }),
      line(1, 'enrollment', { epoch: 1 }),
    ]);
  });

  it('tells of time that nothing proves, and of changes that got no report of their own', async () => {
    const folded = { changes: 7, since: moment(-30) };
    const report = reportRecord({ signedAt: moment(5), receivedAt: moment(6), folded, unprovenSince: moment(-60) });
    await store.now().recordReport(report);
    const place = { epoch: 1, sequence: 1 };
    expect((await store.now().history('node-1', { size: 5, cursor: '' })).items).toEqual([
      line(6, 'folded', { ...place, details: [`sums up 7 changes since ${moment(-30)}: the outbox was full`] }),
      line(6, 'report', {
        ...place,
        verdict: 'compliant',
        digest: report.head.digest,
        signedAt: moment(5),
      }),
      line(6, 'unproven', { ...place, details: [`nothing proves the time from ${moment(-60)} to ${moment(5)}`] }),
    ]);
  });

  it('keeps hosts and the cluster apart', async () => {
    await store.now().recordReport(reportRecord({ host: 'node-2' }));
    const change = { at: moment(3), verdict: 'unknown', previous: 'compliant', reasons: ['host.silent host'] } as const;
    await store.now().recordVerdictChange({ ...change, host: '' });
    expect((await store.now().history('node-1', { size: 5, cursor: '' })).items).toEqual([]);
    const cluster = await store.now().history('', { size: 5, cursor: '' });
    expect(cluster).toEqual({ items: [line(3, 'verdict', { verdict: 'unknown', details: change.reasons })], next: '' });
  });

  it.each([1, 7, 50])('pages by %i without gaps or doubles', async (size) => {
    for (const record of reportChain('node-1', 50)) await store.now().recordReport(record);
    expect(sequences(await allPages(store.now(), size))).toEqual(downFrom(50));
  });

  it('pages without gaps or doubles while reports arrive, also with equal times', async () => {
    const chain = reportChain('node-1', 60, { receivedAt: moment(1) });
    for (const record of chain.slice(0, 40)) await store.now().recordReport(record);
    let arriving = 40;
    const entries = await allPages(store.now(), 3, async () => {
      const next = chain[arriving++];
      if (next !== undefined) await store.now().recordReport(next);
    });
    expect(sequences(entries)).toEqual(downFrom(40));
  });

  it('pages without gaps or doubles while the seal of the day is renewed', async () => {
    const chain = reportChain('node-1', 10);
    for (const record of chain) {
      await store.now().recordReport(record);
      await store.now().recordSeal(sealRecord(record, moment(record.head.sequence + 0.5)));
    }
    let minute = 100;
    const entries = await allPages(store.now(), 2, async () => {
      for (const record of chain) await store.now().recordSeal(sealRecord(record, moment(minute++)));
    });
    expect(sequences(entries.filter(({ kind }) => kind === 'seal'))).toEqual(downFrom(10));
    expect(entries).toHaveLength(20);
  });

  it.each(['nonsense', '12', '1-', '-1-1', '1-1-1', '1e3-1', ' 1-1', "1-1' OR '1'='1", '9'.repeat(400)])(
    'refuses the cursor %j',
    async (cursor) => {
      await store.now().recordReport(reportRecord());
      const page = store.now().history('node-1', { size: 10, cursor });
      await expect(page).rejects.toMatchObject({ code: 'usage.invalid' });
    },
  );

  it.each([0, -1, 1.5, Number.NaN])('refuses a page of %d lines', async (size) => {
    const page = store.now().history('node-1', { size, cursor: '' });
    await expect(page).rejects.toMatchObject({ code: 'usage.invalid' });
  });
}

async function allPages(store: Store, size: number, between = (): Promise<void> => Promise.resolve()) {
  const entries: HistoryEntry[] = [];
  let cursor = '';
  do {
    const page = await store.history('node-1', { size, cursor });
    expect(page.items.length).toBeLessThanOrEqual(size);
    entries.push(...page.items);
    cursor = page.next;
    await between();
  } while (cursor !== '');
  return entries;
}

function sequences(entries: readonly HistoryEntry[]): number[] {
  return entries.map(({ sequence }) => sequence);
}

function downFrom(top: number): number[] {
  return Array.from({ length: top }, (_, i) => top - i);
}

function line(minute: number, kind: HistoryEntry['kind'], rest: Partial<HistoryEntry>): HistoryEntry {
  return {
    at: moment(minute),
    kind,
    epoch: 0,
    sequence: 0,
    verdict: null,
    details: [],
    digest: null,
    signedAt: null,
    ...rest,
  };
}
