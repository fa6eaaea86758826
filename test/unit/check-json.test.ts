import { checkJson, parseCheckDocument, parseHostDocument } from '@sealwatch/shared/check/check-json.js';
import { checkPasses } from '@sealwatch/shared/check/check-passes.js';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { renderCheck } from '@sealwatch/shared/check/render-check.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { describe, expect, it } from 'vitest';
import { checkResult, fileSubject, hostResult, judged, platformSubject } from '../fakes/check-results.js';

type Tree = Record<string, unknown>;

/** The document of a compliant check, changed as a collector that is wrong or newer might send it. */
function document(change: (tree: Tree) => void = () => undefined): Buffer {
  const tree = JSON.parse(checkJson(checkResult())) as Tree;
  change(tree);
  return Buffer.from(JSON.stringify(tree));
}

function refusal(bytes: Uint8Array): string {
  try {
    parseCheckDocument(bytes);
  } catch (error) {
    if (isCoded(error, 'collector.protocol')) return error.message;
    throw error;
  }
  throw new Error('the document was accepted');
}

function at(tree: Tree, ...path: (string | number)[]): Tree {
  return path.reduce<Tree>((inner, key) => (inner as Record<string | number, Tree>)[key]!, tree);
}

describe('the check document', () => {
  it('comes back as it was sent', () => {
    const result = checkResult({
      hosts: [hostResult({ findings: [judged('host.silent', 'host', 'a', 'b')], head: null, evidenceAt: null })],
    });
    expect(parseCheckDocument(Buffer.from(checkJson(result)))).toEqual(result);
  });

  it('begins with its schema and has its keys in one order, whatever order they were made in', () => {
    const result = checkResult();
    const reversed = Object.fromEntries(Object.entries(result).reverse()) as unknown as CheckResult;
    expect(checkJson(reversed)).toBe(checkJson(result));
    expect(checkJson(result)).toMatch(/^\{\n {2}"schema": "sealwatch\/check\/v1",\n {2}"checkedAt"/);
  });

  it('is ASCII, and still says what a hostile path says', () => {
    const path = '/opt/\u009b31m\u202ex\u001b[2K\u{1f600}';
    const json = checkJson(checkResult({ hosts: [hostResult({ subjects: [fileSubject(path)] })] }));
    expect(json).toMatch(/^[\n -~]*$/);
    expect(parseCheckDocument(Buffer.from(json)).hosts[0]?.subjects[0]?.label).toBe(`${path} [file]`);
  });

  it('keeps what a newer collector adds', () => {
    const parsed = parseCheckDocument(
      document((tree) => {
        tree['checkpoint'] = { size: 7 };
        at(tree, 'hosts', 0, 'subjects', 0)['since'] = '2026';
      }),
    );
    expect(JSON.parse(checkJson(parsed))).toMatchObject({
      checkpoint: { size: 7 },
      hosts: [{ subjects: [{ since: '2026' }, {}, {}, {}, {}] }],
    });
  });

  it('prints a finding whose code only a newer collector knows', () => {
    const finding = { ...judged('host.silent', 'host'), code: 'host.rewound', meaning: 'Went back', severity: 'warn' };
    const parsed = parseCheckDocument(document((tree) => (at(tree, 'hosts', 0)['findings'] = [finding])));
    expect(renderCheck(parsed, { color: false })).toMatch(/^Went back +\[WARN\]\n {4}host\.rewound$/m);
  });

  it.each<[string, (tree: Tree) => void]>([
    ['no schema', (tree) => delete tree['schema']],
    ['another schema', (tree) => (tree['schema'] = 'sealwatch/check/v2')],
    ['an unknown verdict', (tree) => (tree['verdict'] = 'good')],
    ['no verdict', (tree) => delete tree['verdict']],
    ['no mode', (tree) => delete at(tree, 'cluster')['mode']],
    ['an unknown mode', (tree) => (at(tree, 'cluster')['mode'] = 'FIPS')],
    ['an unknown status', (tree) => (at(tree, 'hosts', 0, 'subjects', 0)['status'] = 'fine')],
    ['an unknown severity', (tree) => (tree['findings'] = [{ ...judged('host.silent', 'host'), severity: 'info' }])],
    ['a negative count', (tree) => (at(tree, 'coverage')['declared'] = -1)],
    ['hosts that are no list', (tree) => (tree['hosts'] = {})],
    ['a time in another form', (tree) => (tree['checkedAt'] = 'yesterday')],
    ['a digest that is none', (tree) => (at(tree, 'release')['digest'] = 'sha256:00')],
  ])('is refused with %s', (_what, change) => {
    expect(refusal(document(change))).toMatch(/unknown shape/);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'compliant'],
    ['a list', '[]'],
    ['null', 'null'],
    ['deep nesting', '['.repeat(1000)],
  ])('is refused when it is %s', (_what, text) => {
    expect(refusal(Buffer.from(text))).toMatch(/check document/);
  });

  it.each<[string, (tree: Tree) => void]>([
    ['a host that is not', (tree) => (at(tree, 'hosts', 0)['verdict'] = 'unknown')],
    [
      'a failing host that is not printed',
      (tree) => (at(tree, 'coverage')['failing'] = [{ name: 'x', verdict: 'unknown' }]),
    ],
    ['a cluster finding that fails', (tree) => (tree['findings'] = [judged('cluster.tainted', 'cluster')])],
    ['a host finding that is unknown', (tree) => (at(tree, 'hosts', 0)['findings'] = [judged('host.silent', 'host')])],
    [
      'a subject finding that fails',
      (tree) => (at(tree, 'hosts', 0, 'subjects', 0)['findings'] = [judged('file.missing', 'x')]),
    ],
    ['a failed subject without a finding', (tree) => (at(tree, 'hosts', 0, 'subjects', 0)['status'] = 'fail')],
    ['no declared host', (tree) => (at(tree, 'coverage')['declared'] = 0)],
  ])('is not believed when it says compliant with %s', (_what, change) => {
    expect(refusal(document(change))).toMatch(/says compliant, yet/);
  });

  it('is believed with warnings', () => {
    const hosts = [hostResult({ findings: [judged('host.clock-skew', 'host')] })];
    const result = parseCheckDocument(Buffer.from(checkJson(checkResult({ hosts }))));
    expect(checkPasses(result)).toBe(true);
  });
});

describe("one host's document", () => {
  it('comes back as it was sent', () => {
    const host = hostResult();
    expect(parseHostDocument(Buffer.from(JSON.stringify(host)))).toEqual(host);
  });

  it('is not believed when it says compliant over a subject that is unknown', () => {
    const host = hostResult({ subjects: [platformSubject('fips_enabled', { status: 'unknown' })] });
    expect(() => parseHostDocument(Buffer.from(JSON.stringify(host)))).toThrow(/not believed/);
  });
});

describe('passing', () => {
  it.each([
    ['compliant', 'fips', true],
    ['compliant', 'standard', false],
    ['unknown', 'fips', false],
    ['noncompliant', 'fips', false],
  ] as const)('with verdict %s in mode %s is %s', (verdict, mode, passes) => {
    const { cluster } = checkResult();
    expect(checkPasses({ verdict, cluster: { ...cluster, mode } })).toBe(passes);
  });
});
