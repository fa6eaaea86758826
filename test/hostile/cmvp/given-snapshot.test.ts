import { BUILT_IN_SNAPSHOT } from '@sealwatch/shared/cmvp/built-in-snapshot.js';
import { certificateStatus } from '@sealwatch/shared/cmvp/certificate-status.js';
import { moduleParagraph } from '@sealwatch/shared/cmvp/module-paragraph.js';
import { readCmvpSnapshot, requireNewerSnapshot } from '@sealwatch/shared/cmvp/read-snapshot.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

type Loose = Record<string, unknown>;

/** What is said against the built-in list with one change, or undefined if it is taken. */
function refusal(change: (snapshot: Loose, first: Loose) => void): string | undefined {
  const snapshot = JSON.parse(JSON.stringify(BUILT_IN_SNAPSHOT)) as Loose & { certificates: Loose[] };
  change(snapshot, snapshot.certificates[0]!);
  return refused(Buffer.from(JSON.stringify(snapshot)));
}

function refused(bytes: Buffer): string | undefined {
  try {
    readCmvpSnapshot(bytes, 'cmvp.json');
    return undefined;
  } catch (error) {
    if (!isCoded(error, 'config.invalid')) throw error;
    return error.message;
  }
}

describe('a list of certificates somebody gives is refused', () => {
  it.each<[string, (snapshot: Loose, first: Loose) => void, string]>([
    ['with an unknown field', (snapshot) => (snapshot['signed'] = true), 'document'],
    ['with an unknown field of a certificate', (_, first) => (first['good'] = true), 'certificates.0'],
    ['of another version', (snapshot) => (snapshot['schema'] = 'sealwatch/cmvp/v2'), 'schema'],
    ['of no real day', (snapshot) => (snapshot['asOf'] = '2026-02-30'), 'asOf'],
    ['without certificates', (snapshot) => (snapshot['certificates'] = []), 'certificates'],
    ['with a status of its own', (_, first) => (first['status'] = 'certified'), 'status'],
    ['with a standard of its own', (_, first) => (first['standard'] = 'FIPS 140-4'), 'standard'],
    ['with a number that is none', (_, first) => (first['number'] = 3702.5), 'number'],
    ['with a foreign address', (_, first) => (first['url'] = 'https://example.com/3702'), 'url'],
    ['with an address that hides one', (_, first) => (first['url'] = 'https://csrc.nist.gov/@x\n'), 'url'],
    ['never validated', (_, first) => (first['validated'] = []), 'validated'],
    ['twice the same', (_, first) => (first['number'] = 3702), 'certificate 3702: is there twice'],
    ['out of order', (_, first) => (first['validated'] = ['2020-02-02', '2020-02-01']), 'not in order'],
    ['validated in its future', (_, first) => (first['validated'] = ['2026-04-16']), 'after the day of the snapshot'],
    ['with a sunset before it began', (_, first) => (first['sunset'] = '2000-01-01'), 'before its validation'],
    [
      'active after its sunset',
      (_, first) => Object.assign(first, { status: 'active', sunset: '2026-04-14' }),
      'active after its sunset',
    ],
  ])('%s', (_, change, named) => {
    expect(refusal(change)).toContain(named);
  });

  it.each([
    ['empty', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['deep', '['.repeat(100_000)],
    ['five megabytes', ' '.repeat(5 * 1024 ** 2)],
  ])('when it is %s', (_, text) => {
    expect(refused(Buffer.from(text))).toContain('cmvp.json');
  });

  it('when it is older than the one in use', () => {
    const older = { ...BUILT_IN_SNAPSHOT, asOf: '2026-04-14' };
    expect(() => {
      requireNewerSnapshot(older, BUILT_IN_SNAPSHOT, 'cmvp.json');
    }).toThrow('2026-04-14');
    expect(() => {
      requireNewerSnapshot(BUILT_IN_SNAPSHOT, older, 'cmvp.json');
    }).not.toThrow();
  });
});

it('no bytes crash the reader', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 500 }),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        expect(refused(Buffer.from(bytes))).toContain('cmvp.json');
      },
    ),
  );
});

it('no number and no day make a FIPS 140-2 certificate active after the transition', () => {
  const day = fc.date({ min: new Date('2026-09-22'), max: new Date('2100-01-01'), noInvalidDate: true });
  const certificate = fc.constantFrom(
    ...BUILT_IN_SNAPSHOT.certificates.filter(({ standard }) => standard === 'FIPS 140-2'),
  );
  fc.assert(
    fc.property(
      certificate,
      day,
      fc.boolean(),
      fc.option(fc.constant('2040-01-01')),
      ({ number }, at, active, sunset) => {
        const on = at.toISOString().slice(0, 10);
        const certificates = BUILT_IN_SNAPSHOT.certificates.map((one) =>
          one.number === number ? { ...one, status: active ? ('active' as const) : one.status, sunset } : one,
        );
        const snapshot = { ...BUILT_IN_SNAPSHOT, certificates };
        expect(certificateStatus(snapshot, number, on).status).toBe('historical');
        const claim = { claimant: 'x', module: 'm', certificate: number };
        expect(moduleParagraph([claim], snapshot, on).sentences.join(' ')).toContain(`is Historical on ${on}`);
      },
    ),
  );
});
