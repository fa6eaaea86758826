import { evaluate } from '@sealwatch/shared/appraisal/evaluate.js';
import { finding } from '@sealwatch/shared/appraisal/finding.js';
import {
  catalogued,
  FINDING_CODES,
  type FindingCode,
  isFindingCode,
} from '@sealwatch/shared/appraisal/finding-catalogue.js';
import { SEVERITIES, type Severity } from '@sealwatch/shared/appraisal/catalogue-entry.js';
import { worst } from '@sealwatch/shared/appraisal/verdict.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policy } from '../fakes/appraisal-world.js';

function severity(code: FindingCode, changes: Partial<Policy> = {}): Severity | undefined {
  return evaluate([finding(code, 'host')], policy(changes)).findings[0]?.severity;
}

const FIXED = FINDING_CODES.filter((code) => catalogued(code).fixed);
const HOST_FIPS: readonly FindingCode[] = ['host.fips-disabled', 'host.fips-unreadable'];
const NO_FIPS_HOST: readonly FindingCode[] = [...HOST_FIPS, 'host.unsupported-os', 'host.os-unreadable'];

describe('how grave a finding is', () => {
  it.each(FINDING_CODES)('%s: what the catalogue says, and what to do about it', (code) => {
    expect(severity(code)).toBe(catalogued(code).severity);
    const judged = evaluate([finding(code, 'host', 'this', 'that')], policy()).findings[0];
    expect(judged).toMatchObject({ code, subject: 'host', expected: 'this', observed: 'that' });
    expect(judged?.meaning).not.toBe('');
    expect(judged?.remedy).not.toBe('');
  });

  it('follows the policy where the catalogue allows it', () => {
    expect(severity('file.redirected', { severities: { 'file.redirected': 'warn' } })).toBe('warn');
    expect(severity('host.clock-skew', { severities: { 'host.clock-skew': 'fail' } })).toBe('fail');
  });

  it.each(FIXED)('%s can not be lowered by any policy', (code) => {
    for (const lowered of SEVERITIES) {
      expect(severity(code, { severities: { [code]: lowered } })).toBe(catalogued(code).severity);
    }
  });

  it('is fixed for everything that says a file, a signature, a manifest or the cluster is wrong', () => {
    const mustBeFixed = FINDING_CODES.filter((code) => /^(manifest|cluster|component|evidence|appraisal)\./.test(code));
    for (const code of [...mustBeFixed, 'file.digest-mismatch', 'file.missing', ...HOST_FIPS] as const) {
      expect(FIXED).toContain(code);
    }
  });
});

describe('a demonstration', () => {
  it.each(FINDING_CODES)('changes nothing but that a host is none for FIPS mode: %s', (code) => {
    const expected = NO_FIPS_HOST.includes(code) ? 'warn' : catalogued(code).severity;
    expect(severity(code, { demonstration: true })).toBe(expected);
  });
});

describe('a policy that requires active certificates', () => {
  it.each(FINDING_CODES)('makes failures of findings about certificates, and changes no other: %s', (code) => {
    const expected = code.startsWith('certificate.') ? 'fail' : catalogued(code).severity;
    expect(severity(code, { requireActiveCertificate: true })).toBe(expected);
    expect(severity(code, { requireActiveCertificate: true, severities: { [code]: 'warn' } })).toBe(
      code.startsWith('certificate.') || catalogued(code).fixed ? expected : 'warn',
    );
  });
});

describe('the verdict', () => {
  const verdict = (...codes: FindingCode[]): string =>
    evaluate(
      codes.map((code) => finding(code, 'host')),
      policy(),
    ).verdict;

  it('is compliant without findings, and with warnings only', () => {
    expect(verdict()).toBe('compliant');
    expect(verdict('host.clock-skew', 'host.undeclared')).toBe('compliant');
  });

  it('is unknown if something is not known, noncompliant if something is wrong', () => {
    expect(verdict('host.clock-skew', 'file.unreadable')).toBe('unknown');
    expect(verdict('file.unreadable', 'file.digest-mismatch')).toBe('noncompliant');
  });

  it('only gets worse with more findings', () => {
    const order = ['compliant', 'unknown', 'noncompliant'];
    const anyCodes = fc.array(fc.constantFrom(...FINDING_CODES));
    fc.assert(
      fc.property(anyCodes, fc.constantFrom(...FINDING_CODES), (codes, one) => {
        expect(order.indexOf(verdict(...codes, one))).toBeGreaterThanOrEqual(order.indexOf(verdict(...codes)));
      }),
    );
  });

  it('of many is the worst one, and of none is not known', () => {
    expect(worst(['compliant', 'unknown', 'noncompliant'])).toBe('noncompliant');
    expect(worst(['compliant', 'unknown'])).toBe('unknown');
    expect(worst(['compliant', 'compliant'])).toBe('compliant');
    expect(worst([])).toBe('unknown');
  });
});

it('knows its own codes and no inherited names', () => {
  expect(FINDING_CODES.every(isFindingCode)).toBe(true);
  expect(['toString', 'constructor', '__proto__', 'file.perfect'].some(isFindingCode)).toBe(false);
});
