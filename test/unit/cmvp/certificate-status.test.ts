import { BUILT_IN_SNAPSHOT } from '@sealwatch/shared/cmvp/built-in-snapshot.js';
import { calendarDate, daysBetween, isCalendarDate } from '@sealwatch/shared/cmvp/calendar-date.js';
import { certificateStatus } from '@sealwatch/shared/cmvp/certificate-status.js';
import type { CmvpCertificate, CmvpSnapshot } from '@sealwatch/shared/cmvp/cmvp-snapshot.js';
import { readCmvpSnapshot } from '@sealwatch/shared/cmvp/read-snapshot.js';
import { describe, expect, it } from 'vitest';

function status(number: number, on: string, snapshot: CmvpSnapshot = BUILT_IN_SNAPSHOT): string[] {
  const { status: is, because, since } = certificateStatus(snapshot, number, on);
  return [is, because, ...(since === null ? [] : [since])];
}

/** The built-in list with one certificate changed. */
function changed(number: number, change: Partial<CmvpCertificate>): CmvpSnapshot {
  const certificates = BUILT_IN_SNAPSHOT.certificates.map((one) =>
    one.number === number ? { ...one, ...change } : one,
  );
  return { ...BUILT_IN_SNAPSHOT, certificates };
}

describe('the built-in list', () => {
  it('keeps its own rules', () => {
    expect(readCmvpSnapshot(Buffer.from(JSON.stringify(BUILT_IN_SNAPSHOT)), 'built-in')).toEqual(BUILT_IN_SNAPSHOT);
  });

  it('has D2iQ’s certificate with the words a report has to quote', () => {
    expect(certificateStatus(BUILT_IN_SNAPSHOT, 3702, '2026-04-15').certificate).toMatchObject({
      vendor: 'D2iQ Inc.',
      standard: 'FIPS 140-2',
      validated: ['2020-08-19', '2020-11-25', '2020-12-09'],
      caveat: expect.stringContaining('Section 12.1 of the Security Policy') as unknown,
    });
  });
});

describe('a certificate’s status on a day', () => {
  it.each([
    // FIPS 140-2, active when listed: through the last day of the transition, not after
    [4407, '2026-09-21', ['active', 'listed']],
    [4407, '2026-09-22', ['historical', 'fips-140-2-transition', '2026-09-22']],
    [4407, '2030-01-01', ['historical', 'fips-140-2-transition', '2026-09-22']],
    [4407, '2023-01-03', ['unknown', 'not-yet-validated']],
    [4407, '2023-01-04', ['active', 'listed']],
    // listed as historical: since when, nobody says
    [3702, '2026-04-15', ['historical', 'listed']],
    [3702, '2026-11-23', ['historical', 'fips-140-2-transition']],
    [3702, '2026-04-14', ['unknown', 'before-the-list']],
    [3702, '2020-08-18', ['unknown', 'not-yet-validated']],
    [2964, '2026-11-23', ['historical', 'fips-140-2-transition']],
    // FIPS 140-3 knows no transition, only its own last day
    [4735, '2026-11-23', ['active', 'listed']],
    [4735, '2029-07-22', ['active', 'listed']],
    [4735, '2029-07-23', ['historical', 'sunset', '2029-07-23']],
    [4746, '2026-07-31', ['historical', 'sunset', '2026-07-31']],
    [5247, '2026-11-23', ['unknown', 'not-listed']],
  ])('%i on %s: %j', (number, on, expected) => {
    expect(status(number, on)).toEqual(expected);
  });

  it('falls under the transition even if a list says otherwise', () => {
    expect(status(4407, '2026-11-23', changed(4407, { sunset: null }))).toEqual([
      'historical',
      'fips-140-2-transition',
      '2026-09-22',
    ]);
    expect(status(4407, '2026-11-23', changed(4407, { sunset: '2031-01-01' }))[0]).toBe('historical');
    expect(status(4407, '2026-11-23', { ...BUILT_IN_SNAPSHOT, asOf: '2026-11-20' })[0]).toBe('historical');
  });

  it('ends with its own sunset where that is earlier', () => {
    expect(status(4407, '2026-06-01', changed(4407, { sunset: '2026-05-31' }))).toEqual([
      'historical',
      'sunset',
      '2026-06-01',
    ]);
  });

  it('stays revoked, and before the list is not known', () => {
    const revoked = changed(4735, { status: 'revoked' });
    expect(status(4735, '2040-01-01', revoked)).toEqual(['revoked', 'listed']);
    expect(status(4735, '2026-04-14', revoked)).toEqual(['unknown', 'before-the-list']);
  });

  it('says when the list is old', () => {
    expect(certificateStatus(BUILT_IN_SNAPSHOT, 4735, '2026-07-14').stale).toBe(false);
    expect(certificateStatus(BUILT_IN_SNAPSHOT, 4735, '2026-07-15').stale).toBe(true);
    expect(certificateStatus(BUILT_IN_SNAPSHOT, 4735, '2025-01-01').stale).toBe(false);
  });
});

it.each([
  ['2026-02-28', true],
  ['2026-02-30', false],
  ['2026-2-3', false],
  ['2026-13-01', false],
  ['2026-01-01T00:00:00Z', false],
  ['', false],
])('%j is a day: %s', (text, is) => {
  expect(isCalendarDate(text)).toBe(is);
});

it('counts days over a leap year and a change of clocks', () => {
  expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
  expect(daysBetween('2026-11-01', '2026-10-01')).toBe(-31);
  expect(calendarDate(Date.UTC(2026, 10, 23, 23, 59, 59))).toBe('2026-11-23');
});
