import { renderCheck } from '@sealwatch/shared/check/render-check.js';
import { renderSubjectLine } from '@sealwatch/shared/check/render-subject-line.js';
import { hostHeading } from '@sealwatch/shared/check/render-host.js';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { BUILT_IN_SNAPSHOT } from '@sealwatch/shared/cmvp/built-in-snapshot.js';
import { type ModuleClaim, moduleParagraph, type ModuleParagraph } from '@sealwatch/shared/cmvp/module-paragraph.js';
import { value } from '@sealwatch/shared/platform/fact.js';
import { describe, expect, it } from 'vitest';
import {
  checkResult,
  fileSubject,
  goodSubjects,
  hostResult,
  imageSubject,
  judged,
  measuredPlatform,
  plainDigest,
  platformSubject,
} from '../fakes/check-results.js';
import { FIPS_HOST, NON_FIPS_HOST } from '../fakes/platform-observations.js';

/** The page this project was created from prints these lines; column for column they are the contract. */
const SEED = [
  'Host: 172.17.0.7 ===================================================================',
  '',
  '/usr/bin/kubeadm [file] Signature Validated                            [OK]',
  '/usr/bin/kubelet [file] Signature Validated                            [OK]',
  '/usr/bin/containerd [file] Signature Validated                         [OK]',
  '/usr/bin/runc [file] Signature Validated                               [OK]',
  'kube-apiserver [image] Signature Validated                             [OK]',
  'kube-controller-manager [image] Signature Validated                    [OK]',
  'kube-proxy [image] Signature Validated                                 [OK]',
  'kube-scheduler [image] Signature Validated                             [OK]',
  'etcd [image] Signature Validated                                       [OK]',
];
const SEED_IMAGES = ['kube-apiserver', 'kube-controller-manager', 'kube-proxy', 'kube-scheduler', 'etcd'];

const kubelet = '/usr/bin/kubelet';
const changed = fileSubject(kubelet, {
  statement: 'Signature Invalid',
  status: 'fail',
  observed: plainDigest('b'),
  findings: [judged('file.digest-mismatch', `file:kubelet:${kubelet}`, plainDigest('a'), plainDigest('b'))],
});

/** A right-to-left override, a CSI in one byte and in two, a line separator, a new line and a carriage return. */
const HOSTILE = 'x\u001b[2K\r\u009b31m\u202egnp.exe\u2028y\nHost: fine [OK]';

function certificates(claims: readonly ModuleClaim[], on = '2026-11-23'): ModuleParagraph {
  return moduleParagraph(claims, BUILT_IN_SNAPSHOT, on);
}

/** One golden file each, in test/vectors/check. */
const CASES: Readonly<Record<string, CheckResult>> = {
  success: checkResult({
    hosts: [
      hostResult({
        subjects: [
          ...goodSubjects(),
          ...['kube-apiserver', 'etcd'].map((name) =>
            imageSubject(name, { statement: 'Not checked by this version', status: 'not-checked', observed: null }),
          ),
        ],
      }),
      hostResult({ name: '172.17.0.8', role: 'worker' }),
    ],
  }),
  'failure-with-digests': checkResult({
    hosts: [
      hostResult({
        subjects: [
          changed,
          fileSubject('/usr/bin/runc', {
            statement: 'Signature Invalid',
            status: 'fail',
            findings: [
              judged('file.digest-mismatch', 'file:runc:/usr/bin/runc', plainDigest('a'), plainDigest('f')),
              judged('file.redirected', 'file:runc:/usr/bin/runc', '/usr/bin/runc', '/tmp/runc'),
            ],
          }),
          measuredPlatform(NON_FIPS_HOST),
        ],
      }),
      hostResult({ name: '172.17.0.8' }),
      hostResult({ name: '172.17.0.9', subjects: [changed] }),
    ],
  }),
  platforms: checkResult({
    hosts: [
      hostResult({
        subjects: [
          measuredPlatform({
            fipsEnabled: value('0'),
            systemFips: { state: 'absent' },
            mounts: {
              ...FIPS_HOST.mounts,
              over: value([
                { mountPoint: '/proc', fsType: 'proc', root: '/', origin: null },
                { mountPoint: '/proc/cmdline', fsType: 'xfs', root: '/tmp/one', origin: '/tmp/one' },
              ]),
            },
          }),
        ],
      }),
      hostResult({
        name: '172.17.0.8',
        subjects: [
          measuredPlatform({
            osRelease: value({ id: 'debian', versionId: '12', name: 'Debian', prettyName: HOSTILE, platformId: '' }),
          }),
        ],
      }),
      hostResult({
        name: '172.17.0.9',
        subjects: [
          measuredPlatform({ osRelease: { state: 'absent' }, fipsEnabled: { state: 'unreadable', reason: HOSTILE } }),
        ],
      }),
    ],
  }),
  'certificates-as-of': checkResult({ certificates: certificates([], '2026-09-01') }),
  modules: checkResult({
    certificates: certificates([
      { claimant: 'manifest konvoy-1.7.0-rhel8', module: 'BoringCrypto', certificate: 3702 },
    ]),
  }),
  unknown: checkResult({
    hosts: [
      hostResult({
        subjects: [
          fileSubject(kubelet, {
            statement: 'Unreadable',
            status: 'unknown',
            observed: null,
            findings: [judged('file.unreadable', `file:kubelet:${kubelet}`, 'a readable file', 'EIO')],
          }),
        ],
      }),
      hostResult({ name: '172.17.0.8', answered: false, findings: [judged('host.no-answer', 'host')] }),
      hostResult({
        name: '172.17.0.9',
        answered: false,
        evidenceAt: null,
        head: null,
        subjects: [],
        findings: [judged('host.never-reported', 'host')],
      }),
    ],
  }),
  warn: checkResult({
    hosts: [hostResult({ findings: [judged('host.clock-skew', 'host', 'at most 60s', '75s')] })],
    findings: [judged('host.undeclared', 'host:stranger')],
  }),
  demonstration: checkResult({ demonstration: true }),
  'hostile-names': checkResult({
    cluster: { id: HOSTILE, name: HOSTILE, mode: 'fips', adopted: { reason: HOSTILE } },
    manifests: [{ id: HOSTILE, digest: plainDigest('e'), notAfter: '2027-11-23T00:00:00.000Z' }],
    findings: [{ ...judged('manifest.expired', HOSTILE), meaning: HOSTILE, remedy: HOSTILE }],
    hosts: [
      hostResult({
        name: HOSTILE,
        answered: false,
        findings: [{ ...judged('host.silent', HOSTILE, HOSTILE, HOSTILE) }],
        subjects: [
          { ...changed, label: HOSTILE, statement: HOSTILE },
          { ...changed, findings: [judged('file.redirected', HOSTILE, HOSTILE, HOSTILE)] },
        ],
      }),
    ],
    coverage: {
      declared: 1,
      answered: 0,
      failing: [{ name: HOSTILE, verdict: 'noncompliant' }],
      undeclared: [HOSTILE],
      removed: [{ name: HOSTILE, removedAt: '2026-11-20T00:00:00.000Z' }],
      notMeasured: [],
    },
  }),
  'long-paths': checkResult({
    hosts: [
      hostResult({
        name: 'a-very-long-host-name.in.a.very.long.domain.that.goes.beyond.the.heading.example.org',
        subjects: [
          fileSubject(`/opt/${'directory/'.repeat(12)}kubelet`),
          fileSubject(`/opt/${'x'.repeat(38)}`), // 70 characters of text: the mark is in its column
          fileSubject(`/opt/${'x'.repeat(39)}`), // 71: pushed by one
        ],
      }),
    ],
  }),
  'no-hosts': checkResult({ hosts: [], release: null, manifests: [] }),
  'standard-mode': checkResult({
    cluster: { id: '0123456789abcdef0123456789abcdef', name: 'north', mode: 'standard', adopted: null },
    findings: [judged('cluster.standard-mode', 'cluster', 'fips', 'standard')],
  }),
  cached: checkResult({
    cached: true,
    hosts: [
      hostResult(),
      hostResult({ name: '172.17.0.8', answered: false, findings: [judged('host.silent', 'host')] }),
    ],
  }),
  'removed-undeclared-adopted': checkResult({
    cluster: {
      id: '0123456789abcdef0123456789abcdef',
      name: 'north',
      mode: 'fips',
      adopted: { reason: 'built by hand in FIPS mode in March' },
    },
    coverage: {
      declared: 3,
      answered: 1,
      failing: [{ name: '172.17.0.9', verdict: 'noncompliant' }],
      undeclared: ['172.17.0.20'],
      removed: [{ name: '172.17.0.10', removedAt: '2026-11-20T00:00:00.000Z' }],
      notMeasured: [],
    },
    verdict: 'noncompliant',
  }),
};

describe('the printed report', () => {
  it.each(Object.entries(CASES))('prints %s as its golden file', async (name, result) => {
    await expect(renderCheck(result, { color: false })).toMatchFileSnapshot(`../vectors/check/${name}.txt`);
  });

  it("prints the seed's host, files and images character by character", () => {
    const subjects = [...goodSubjects().slice(0, 4), ...SEED_IMAGES.map((name) => imageSubject(name))];
    const printed = renderCheck(checkResult({ hosts: [hostResult({ subjects })] }), { color: false }).split('\n');
    expect(printed.slice(0, SEED.length)).toEqual(SEED);
    expect(printed[SEED.length]).toBe('');
  });

  it("says on success what it rests on, and claims nothing about a module's validation", () => {
    const printed = renderCheck(CASES['success']!, { color: false });
    expect(printed).toContain('\nCryptographic module integrity verification was successful\n\n');
    const unwrapped = printed.replaceAll(/\s+/g, ' ');
    expect(unwrapped).toContain('against manifest konvoy-1.7.0-rhel8');
    expect(unwrapped).toContain('Sealwatch does not validate cryptographic modules');
    expect(printed).not.toMatch(/certified|FIPS.compliant/i);
  });

  it('does not speak of a pinned key where there is no release', () => {
    const printed = renderCheck(checkResult({ release: null }), { color: false }).replaceAll(/\s+/g, ' ');
    expect(printed).toContain('sealed by the publisher key that was given');
    expect(printed).not.toContain('pinned');
  });

  it.each(Object.entries(CASES))('says success for %s exactly if it passes', (_name, result) => {
    const passes = result.verdict === 'compliant' && result.cluster.mode === 'fips';
    expect(renderCheck(result, { color: false }).includes('was successful')).toBe(passes);
  });

  it('never says success in standard mode, whatever verdict it is handed', () => {
    const { cluster } = checkResult();
    const result = checkResult({ cluster: { ...cluster, mode: 'standard' } });
    expect(result.verdict).toBe('compliant');
    const printed = renderCheck(result, { color: false });
    expect(printed).not.toContain('successful');
    expect(printed).toContain('a cluster in standard mode never passes');
  });

  it('claims no verified integrity when a policy had no file looked at', () => {
    const hosts = [hostResult({ subjects: [platformSubject('fips_enabled = 1')] })];
    expect(renderCheck(checkResult({ hosts }), { color: false })).not.toContain('successful');
  });

  it('begins with the demonstration notice and ends without a module paragraph', () => {
    const lines = renderCheck(CASES['demonstration']!, { color: false }).trimEnd().split('\n');
    expect(lines[0]).toMatch(/^DEMONSTRATION POLICY: /);
    expect(lines.at(-1)).toBe('Cryptographic module integrity verification was successful (demonstration policy)');
  });

  it('lists every failure of every host', () => {
    const printed = renderCheck(CASES['failure-with-digests']!, { color: false });
    expect(printed.match(/\[FAIL\]$/gm)).toHaveLength(4);
    expect(printed.match(/\(file\.digest-mismatch\)/g)).toHaveLength(3);
    expect(printed).toContain(`expected: ${plainDigest('a')}\n    found:    ${plainDigest('f')}`);
  });

  it('lets no control character or mark of direction through, and no line that a host made up', () => {
    const printed = renderCheck(CASES['hostile-names']!, { color: false });

    expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
    expect(printed).not.toMatch(/^Host: fine/m);
  });

  it('colours only the marks, and only when asked', () => {
    const plain = renderCheck(CASES['unknown']!, { color: false });
    const colored = renderCheck(CASES['unknown']!, { color: true });
    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[1;35m[UNKNOWN]\u001b[0m');

    expect(colored.replaceAll(/\u001b\[[0-9;]*m/g, '')).toBe(plain);
  });
});

describe('a subject line', () => {
  it.each(['ok', 'fail', 'warn', 'unknown'] as const)('has the mark of %s in column 72', (status) => {
    expect(renderSubjectLine('/usr/bin/runc [file]', 'x', status).indexOf('[', 25)).toBe(71);
  });

  it('counts characters, not UTF-16 units', () => {
    expect(Array.from(renderSubjectLine('/opt/\u{1d538}', 'x', 'ok')).indexOf('[')).toBe(71);
  });

  it('has no mark and no trailing space when nothing was checked', () => {
    expect(renderSubjectLine('etcd [image]', 'Not checked', 'not-checked')).toBe('etcd [image] Not checked');
  });

  it.each([
    [70, 71],
    [71, 72],
    [200, 201],
  ])('is never cut: %i characters of text put the mark after column %i', (length, at) => {
    const line = renderSubjectLine('x'.repeat(length), '', 'fail');
    expect(line).toBe(`${'x'.repeat(length)}${' '.repeat(at - length)}[FAIL]`);
  });
});

describe("a host's heading", () => {
  it('reaches to column 84', () => {
    expect(hostHeading('n1')).toHaveLength(84);
  });

  it('still ends in some = after a very long name', () => {
    expect(hostHeading('n'.repeat(100))).toBe(`Host: ${'n'.repeat(100)} ===`);
  });
});
