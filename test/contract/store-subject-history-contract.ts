import { expect, it } from 'vitest';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { ReportRecord, SubjectState } from '@sealwatch/collector/store/report-store.js';
import type { Store } from '@sealwatch/collector/store/store.js';
import { probed, SEED_SUITES, served } from '../fakes/service-measurements.js';
import { moment, reportRecord } from '../fakes/store-records.js';
import type { TestStore } from '../fakes/test-store.js';
import { openedStore } from './opened-store.js';
import { platformMeasurement } from '../fakes/platform-observations.js';

const SERVICE = 'service:kube-apiserver';
const PLATFORM: Measurement = platformMeasurement();

/** A service that accepts the first `count` suites; none at all for 0. */
function accepting(count: number): Measurement[] {
  if (count === 0) return [PLATFORM];
  const suites = SEED_SUITES.slice(0, count);
  return [PLATFORM, probed({ tls: served({ versions: [{ version: 'TLS 1.2', suites, preference: 'server' }] }) })];
}

/** One report for each count, in one chain. */
function reports(counts: readonly number[], host = 'node-1'): ReportRecord[] {
  return counts.map((count, i) => reportRecord({ host, sequence: i + 1, measurements: accepting(count) }));
}

function changeAt(sequence: number, count: number, rest: Partial<SubjectState> = {}): SubjectState {
  const [, service] = accepting(count);
  const body = service === undefined ? undefined : encodeMeasurement(service);
  return {
    epoch: 1,
    sequence,
    signedAt: moment(sequence),
    receivedAt: moment(sequence + 0.01),
    digest: body?.digest ?? null,
    body: body?.bytes ?? null,
    missingReports: 0,
    foldedChanges: 0,
    ...rest,
  };
}

export function storeSubjectHistoryContract(open: () => Promise<TestStore>): void {
  const store = openedStore(open);
  const record = async (records: readonly ReportRecord[]): Promise<void> => {
    for (const each of records) await store.now().recordReport(each);
  };

  it('tells each report at which the measurement changed, newest first, with its body, down to the first', async () => {
    await record(reports([0, 4, 4, 3, 3, 0, 0, 4]));
    await record(reports([1, 2], 'node-2'));
    expect(await store.now().subjectHistory('node-1', SERVICE, { size: 20, cursor: '' })).toStrictEqual({
      items: [changeAt(8, 4), changeAt(6, 0), changeAt(4, 3), changeAt(2, 4)],
      next: '',
    });
  });

  it('knows a subject from its first report on', async () => {
    await record(reports([2, 2]));
    expect((await allPages(store.now(), 1)).changes).toEqual([changeAt(1, 2)]);
  });

  it.each([
    ['of a host nobody heard of', 'node-9', SERVICE],
    ['of a subject no report has', 'node-1', 'service:etcd'],
    ['of a name that is in another name', 'node-1', 'service:kube'],
    ['of a name made to match', 'node-1', '%'],
  ])('has nothing %s', async (_, host, subject) => {
    await record(reports([1, 2, 3]));
    const page = await store.now().subjectHistory(host, subject, { size: 5, cursor: '' });
    expect(page).toEqual({ items: [], next: '' });
  });

  it.each([1, 2, 3, 7, 100])('pages by %i without gaps or doubles', async (size) => {
    const counts = [0, 1, 1, 2, 0, 0, 3, 4, 4, 1, 2, 2];
    await record(reports(counts));
    expect(placesOf((await allPages(store.now(), size)).changes)).toEqual([11, 10, 8, 7, 5, 4, 2]);
  });

  it('pages without gaps or doubles while reports arrive', async () => {
    const chain = reports(Array.from({ length: 40 }, (_, i) => (i % 4) + 1));
    await record(chain.slice(0, 20));
    let arriving = 20;
    const { changes } = await allPages(store.now(), 3, async () => {
      await record(chain.slice(arriving, ++arriving));
    });
    expect(placesOf(changes)).toEqual(Array.from({ length: 20 }, (_, i) => 20 - i));
  });

  it('looks into a bounded number of reports at once and goes on where it stopped', async () => {
    const chain = reports(Array.from({ length: 300 }, (_, i) => (i < 3 ? 1 : 2)));
    await Promise.all(chain.map((each) => store.now().recordReport(each)));
    const first = await store.now().subjectHistory('node-1', SERVICE, { size: 5, cursor: '' });
    expect(first.items).toEqual([]);
    expect(first.next).not.toBe('');
    const { changes, pages } = await allPages(store.now(), 5);
    expect(changes).toEqual([changeAt(4, 2), changeAt(1, 1)]);
    expect(pages).toBeLessThan(10);
  });

  it('goes on from the old epoch into the new one, and says which reports never came', async () => {
    const [one, two] = [accepting(1), accepting(2)];
    await record([
      reportRecord({ epoch: 1, sequence: 3, measurements: one }),
      reportRecord({ epoch: 1, sequence: 7, measurements: two }),
      reportRecord({ epoch: 2, sequence: 1, measurements: two }),
      reportRecord({ epoch: 2, sequence: 2, measurements: one, folded: { changes: 5, since: moment(0) } }),
      reportRecord({ epoch: 3, sequence: 4, measurements: two }),
    ]);
    const { items } = await store.now().subjectHistory('node-1', SERVICE, { size: 9, cursor: '' });
    expect(items.map((item) => [item.epoch, item.sequence, item.missingReports, item.foldedChanges])).toEqual([
      [3, 4, 3, 0],
      [2, 2, 0, 5],
      [1, 7, 3, 0],
      [1, 3, 2, 0],
    ]);
  });

  it('tells a change whose measurement is not stored, without it', async () => {
    await record(reports([1, 2]).map((each) => (each.head.sequence === 2 ? { ...each, bodies: [] } : each)));
    const { items } = await store.now().subjectHistory('node-1', SERVICE, { size: 5, cursor: '' });
    expect(items).toEqual([changeAt(2, 2, { body: null }), changeAt(1, 1)]);
  });

  it.each([
    ['of another place', reportRecord({ measurements: accepting(1) })],
    ['with another measurement', reportRecord({ sequence: 2, measurements: accepting(3) })],
  ])('tells nothing from a report that is not what was recorded but one %s', async (_, { envelope }) => {
    const [first, second] = reports([1, 2]);
    await record([first!, { ...second!, envelope }]);
    const page = store.now().subjectHistory('node-1', SERVICE, { size: 5, cursor: '' });
    await expect(page).rejects.toMatchObject({
      code: 'store.corrupt',
      message: expect.stringContaining('1/2') as string,
    });
  });

  it.each(['nonsense', '1', '1-', '-1-1', '1-1-1', ' 1-1', "1-1' OR '1'='1", '9'.repeat(400)])(
    'refuses the cursor %j',
    async (cursor) => {
      const page = store.now().subjectHistory('node-1', SERVICE, { size: 10, cursor });
      await expect(page).rejects.toMatchObject({ code: 'usage.invalid' });
    },
  );

  it.each([0, -1, 1.5, Number.NaN])('refuses a page of %d changes', async (size) => {
    const page = store.now().subjectHistory('node-1', SERVICE, { size, cursor: '' });
    await expect(page).rejects.toMatchObject({ code: 'usage.invalid' });
  });
}

async function allPages(
  store: Store,
  size: number,
  between = (): Promise<void> => Promise.resolve(),
): Promise<{ changes: SubjectState[]; pages: number }> {
  const changes: SubjectState[] = [];
  let cursor = '';
  let pages = 0;
  do {
    const page = await store.subjectHistory('node-1', SERVICE, { size, cursor });
    expect(page.items.length).toBeLessThanOrEqual(size);
    changes.push(...page.items);
    cursor = page.next;
    pages++;
    await between();
  } while (cursor !== '');
  return { changes, pages };
}

function placesOf(changes: readonly SubjectState[]): number[] {
  return changes.map(({ sequence }) => sequence);
}
