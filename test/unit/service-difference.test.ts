import { type ListChange, type ServiceChange, serviceDifference } from '@sealwatch/shared/check/service-difference.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { ServiceMeasurement } from '@sealwatch/shared/measurement/service-measurement.js';
import { PROTOCOL_VERSIONS } from '@sealwatch/shared/probe/protocol-version.js';
import type { ServedTls, TlsObservation } from '@sealwatch/shared/probe/tls-observation.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDigest } from '../fakes/check-results.js';
import { listening, probed, SEED_SUITES, served } from '../fakes/service-measurements.js';

/** Few names, so that two draws share some; with what an honest service never says. */
const someNames = (...names: readonly string[]): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.constantFrom(...names, '__proto__', '', '\u202e[OK]', 'a, b'), { maxLength: 6 });

const [certificate] = served().certificates;

const servedTls: fc.Arbitrary<ServedTls> = fc
  .record({
    versions: fc.uniqueArray(
      fc.record({
        version: fc.constantFrom(...PROTOCOL_VERSIONS),
        suites: someNames(...SEED_SUITES),
        preference: fc.constantFrom('server' as const, 'client' as const),
      }),
      { selector: ({ version }) => version, minLength: 1, maxLength: 5 },
    ),
    groups: fc.record({ tls12: someNames('P-256', 'X25519'), tls13: someNames('P-256', 'X25519') }),
    signatureSchemes: fc.record({ tls12: someNames('rsa_pkcs1_sha256'), tls13: someNames('ed25519') }),
    clientCertificate: fc.constantFrom('requested' as const, 'not-requested' as const),
    alpn: fc.constantFrom(null, 'h2'),
    compression: fc.constantFrom(null, true, false),
    certificates: fc
      .uniqueArray(fc.constantFrom('1', '2', '3'), { maxLength: 3 })
      .map((names) => names.map((name) => ({ ...certificate!, fingerprint: plainDigest(name) }))),
    unanswered: someNames('groups of TLS 1.3'),
  })
  .map((changes) => served(changes));

const tls: fc.Arbitrary<TlsObservation> = fc.oneof(
  { weight: 4, arbitrary: servedTls },
  fc.record({ state: fc.constantFrom('unreachable' as const, 'timeout' as const), reason: fc.constantFrom('x', 'y') }),
);

const measurement: fc.Arbitrary<ServiceMeasurement> = fc
  .record({
    tls,
    listener: fc.constantFrom(listening(plainDigest('a')), listening(plainDigest('b')), { state: 'none' as const }),
  })
  .map(probed);

/** The lists of TLS as the measurement has them, without asking the code under test. */
function listsOf({ observed }: ServiceMeasurement): Map<string, readonly string[]> {
  if (observed.tls.state !== 'served') return new Map();
  const { versions, groups, signatureSchemes, unanswered } = observed.tls;
  const lists: [string, readonly string[]][] = [
    ['version', versions.map(({ version }) => version)],
    ...versions.map(({ version, suites }): [string, readonly string[]] => [`suite ${version}`, suites]),
    ['group TLS 1.3', groups.tls13],
    ['group up to TLS 1.2', groups.tls12],
    ['signature-scheme TLS 1.3', signatureSchemes.tls13],
    ['signature-scheme up to TLS 1.2', signatureSchemes.tls12],
    ['unanswered', unanswered],
  ];
  return new Map(lists.filter(([, items]) => items.length > 0));
}

function applied(lists: ReadonlyMap<string, readonly string[]>, changes: readonly ServiceChange[]) {
  const result = new Map([...lists].map(([name, items]) => [name, new Set(items)]));
  for (const change of changes) {
    if (change.kind === 'fact' || ['certificate', 'program', 'configuration'].includes(change.what)) continue;
    const name = change.version === null ? change.what : `${change.what} ${change.version}`;
    const items = result.get(name) ?? new Set();
    for (const item of change.went) expect(items.delete(item)).toBe(true);
    for (const item of change.came) expect(items.size).toBeLessThan(items.add(item).size);
    result.set(name, items);
  }
  return new Map([...result].filter(([, items]) => items.size > 0));
}

function asSets(lists: ReadonlyMap<string, readonly string[]>): Map<string, Set<string>> {
  return new Map([...lists].map(([name, items]) => [name, new Set(items)]));
}

describe('the difference of two measurements', () => {
  it('applied to the old lists gives the new', () => {
    fc.assert(
      fc.property(measurement, measurement, (before, after) => {
        const answers = after.observed.tls.state === 'served';
        const changed = applied(listsOf(before), serviceDifference(before, after));
        expect(changed).toEqual(answers ? asSets(listsOf(after)) : asSets(listsOf(before)));
      }),
      { numRuns: 500 },
    );
  });

  it('beside nothing is all there is', () => {
    fc.assert(
      fc.property(measurement, (after) => {
        expect(applied(new Map(), serviceDifference(null, after))).toEqual(asSets(listsOf(after)));
      }),
    );
  });

  it('is empty if and only if the measurements are equal', () => {
    fc.assert(
      fc.property(measurement, measurement, (before, after) => {
        const same = encodeMeasurement(before).digest === encodeMeasurement(after).digest;
        expect(serviceDifference(before, after).length === 0).toBe(same);
        expect(serviceDifference(after, after)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('tells which suites came and went, in which version', () => {
    const [first, second, third, fourth] = SEED_SUITES as [string, string, string, string];
    expect(
      serviceDifference(
        withSuites({ 'TLS 1.2': [first, second, third], 'TLS 1.0': [third] }),
        withSuites({ 'TLS 1.2': [fourth, first, second], 'TLS 1.0': [third] }),
      ),
    ).toEqual([list('suite', 'TLS 1.2', [fourth], [third])]);
  });

  it('names every suite of a version that went', () => {
    const changes = serviceDifference(
      withSuites({ 'TLS 1.2': ['A', 'B'], 'TLS 1.0': ['A'] }),
      withSuites({ 'TLS 1.2': ['A', 'B'] }),
    );
    expect(changes).toEqual([
      { kind: 'fact', what: 'preference', version: 'TLS 1.0', before: 'server', after: null },
      list('version', null, [], ['TLS 1.0']),
      list('suite', 'TLS 1.0', [], ['A']),
    ]);
  });

  it('tells another order, which nothing came into and nothing went out of', () => {
    const changes = serviceDifference(
      withSuites({ 'TLS 1.2': ['A', 'B', 'C'] }),
      withSuites({ 'TLS 1.2': ['C', 'A', 'B'] }),
    );
    expect(changes).toEqual([{ ...list('suite', 'TLS 1.2', [], []), order: ['C', 'A', 'B'] }]);
  });

  it.each<[string, Partial<ServedTls>, string, string | null, string | null]>([
    ['the preferred suite', { preferred: preferring('X') }, 'preferred-suite', seedPreferred(), 'X in TLS 1.2'],
    [
      'a client certificate',
      { clientCertificate: 'not-requested' },
      'client-certificate',
      'requested',
      'not-requested',
    ],
    ['compression', { compression: true }, 'compression', 'no', 'yes'],
    ['what is no longer said', { alpn: null }, 'application-protocol', 'h2', null],
    ['a prime', { dhPrimeBits: 1024 }, 'dh-prime', null, '1024 bits'],
  ])('tells %s', (_, changes, what, before, after) => {
    expect(serviceDifference(probed(), probed({ tls: served(changes) }))).toEqual([
      { kind: 'fact', what, version: null, before, after },
    ]);
  });

  it('tells a certificate by its fingerprint and its end', () => {
    const renewed = { ...certificate!, fingerprint: plainDigest('9'), notAfter: '2028-11-01T00:00:00.000Z' };
    const [change] = serviceDifference(probed(), probed({ tls: served({ certificates: [renewed] }) }));
    expect(change).toMatchObject({ what: 'certificate', order: null });
    expect((change as ListChange).went[0]).toMatch(/^sha256:1{64} \(CN=kube-apiserver\), until 2027-11-01T/);
    expect((change as ListChange).came[0]).toMatch(/^sha256:9{64} \(CN=kube-apiserver\), until 2028-11-01T/);
  });

  it('tells another program behind the socket', () => {
    const changes = serviceDifference(probed(), probed({ listener: listening(plainDigest('b')) }));
    const program = (digest: string): string => `/usr/bin/kube-apiserver ${plainDigest(digest)}`;
    expect(changes).toEqual([list('program', null, [program('b')], [program('a')])]);
  });

  it('says nothing of suites that an unreachable service might still accept', () => {
    const silent = probed({ tls: { state: 'unreachable', reason: 'connection refused' } });
    const answer = { kind: 'fact', what: 'answer', version: null };
    expect(serviceDifference(probed(), silent)).toEqual([
      { ...answer, before: 'served', after: 'unreachable: connection refused' },
    ]);
    const back = serviceDifference(silent, probed());
    expect(back[0]).toEqual({ ...answer, before: 'unreachable: connection refused', after: 'served' });
    expect(back).toContainEqual(list('suite', 'TLS 1.2', SEED_SUITES, []));
  });
});

function withSuites(byVersion: Readonly<Record<string, readonly string[]>>): ServiceMeasurement {
  const versions = PROTOCOL_VERSIONS.flatMap((version) => {
    const suites = byVersion[version];
    return suites === undefined ? [] : [{ version, suites, preference: 'server' as const }];
  });
  return probed({ tls: served({ versions }) });
}

function list(
  what: ListChange['what'],
  version: string | null,
  came: readonly string[],
  went: readonly string[],
): ListChange {
  return { kind: 'list', what, version, came, went, order: null };
}

function preferring(suite: string): ServedTls['preferred'] {
  return { ...served().preferred, suite };
}

function seedPreferred(): string {
  return `${SEED_SUITES[0] ?? ''} in TLS 1.2`;
}
