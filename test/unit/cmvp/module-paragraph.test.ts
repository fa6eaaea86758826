import { BUILT_IN_SNAPSHOT } from '@sealwatch/shared/cmvp/built-in-snapshot.js';
import { certificateDeviations } from '@sealwatch/shared/cmvp/certificate-findings.js';
import { type ModuleClaim, moduleParagraph } from '@sealwatch/shared/cmvp/module-paragraph.js';
import { describe, expect, it } from 'vitest';

const D2IQ: ModuleClaim = {
  claimant: 'manifest konvoy-1.7.2',
  module: 'D2iQ BoringCrypto Cryptographic Security Module',
  certificate: 3702,
};

function sentences(claims: readonly ModuleClaim[], on: string): string[] {
  return [...moduleParagraph(claims, BUILT_IN_SNAPSHOT, on).sentences];
}

describe('the paragraph about the modules in use', () => {
  it('says who says what, of which day, and quotes the caveat', () => {
    expect(sentences([D2IQ], '2026-11-23')).toEqual([
      'According to manifest konvoy-1.7.2 the module is D2iQ BoringCrypto Cryptographic Security Module, certificate 3702.',
      'Certificate 3702 was given to D2iQ Inc. for D2iQ BoringCrypto Cryptographic Security Module under FIPS 140-2 Level 1 on 2020-08-19, as NIST CMVP lists it (2026-04-15).',
      'Certificate 3702 is Historical on 2026-11-23: every FIPS 140-2 certificate is after 2026-09-21.',
      'Its caveat: "When installed, initialized and configured as specified in Section 12.1 of the Security Policy and operated in FIPS mode. The module generates cryptographic keys whose strengths are modified by available entropy."',
      'https://csrc.nist.gov/projects/cryptographic-module-validation-program/certificate/3702',
      'The list of certificates was last read on 2026-04-15; check it anew before relying on it.',
      'Sealwatch does not validate cryptographic modules; whether their use meets a requirement is decided by the operator and the assessor.',
    ]);
  });

  it('follows the day it is asked for', () => {
    const claim = { ...D2IQ, module: 'BoringCrypto', certificate: 4407 };
    expect(sentences([claim], '2026-04-15')[2]).toBe('Certificate 4407 was Active in the list of 2026-04-15.');
    expect(sentences([claim], '2026-09-21')[2]).toBe(
      'Certificate 4407 was Active in the list of 2026-04-15, which is what is known for 2026-09-21.',
    );
    expect(sentences([claim], '2026-09-22')[2]).toBe(
      'Certificate 4407 is Historical on 2026-09-22 since 2026-09-22: every FIPS 140-2 certificate is after 2026-09-21.',
    );
  });

  it('says nothing where nothing is claimed, and does not know what is not listed', () => {
    expect(sentences([], '2026-11-23')).toEqual([]);
    expect(sentences([{ ...D2IQ, certificate: 5247 }], '2026-05-01')[1]).toBe(
      'Certificate 5247 is not in the list at hand (NIST CMVP certificate list, 2026-04-15): its status is not known.',
    );
    expect(sentences([{ ...D2IQ, certificate: null }], '2026-05-01')[0]).toContain('of no certificate');
  });

  it('says a thing once for two claims of one certificate', () => {
    const all = sentences([D2IQ, { ...D2IQ, claimant: 'manifest other' }], '2026-11-23');
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((sentence) => sentence.startsWith('According to'))).toHaveLength(2);
  });

  it.each(BUILT_IN_SNAPSHOT.certificates.map(({ number }) => number))(
    'never claims anything of certificate %i by itself',
    (certificate) => {
      for (const on of ['2010-01-01', '2026-04-15', '2026-11-23', '2040-01-01']) {
        const own = sentences([{ ...D2IQ, certificate }], on).filter((sentence) => !sentence.startsWith('Its caveat'));
        expect(own.join(' ')).not.toMatch(/certified|complian|\bis validated|confirmed/i);
      }
    },
  );
});

describe('deviations', () => {
  const codes = (certificate: number | null, on: string): string[] =>
    certificateDeviations(moduleParagraph([{ ...D2IQ, certificate }], BUILT_IN_SNAPSHOT, on)).map(({ code }) => code);

  it.each([
    [4735, '2026-05-01', []],
    [4735, '2026-11-23', ['certificate.not-rechecked']],
    [3702, '2026-11-23', ['certificate.historical']],
    [5247, '2026-05-01', ['certificate.unknown']],
    [4407, '2020-01-01', ['certificate.unknown']],
    [null, '2026-05-01', ['certificate.missing']],
  ])('certificate %s on %s: %j', (certificate, on, expected) => {
    expect(codes(certificate, on)).toEqual(expected);
  });
});
