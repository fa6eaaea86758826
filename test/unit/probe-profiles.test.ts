import { CIPHER_SUITES } from '@sealwatch/shared/probe/cipher-suite.js';
import { parseEndpoint, serverNameOf } from '@sealwatch/shared/probe/endpoint.js';
import { judgeObservation, observationPasses } from '@sealwatch/shared/probe/judge-observation.js';
import { NAMED_GROUPS } from '@sealwatch/shared/probe/named-group.js';
import type { RuleSet } from '@sealwatch/shared/probe/profile.js';
import { TLS_PROFILE_NAMES, TLS_PROFILES, type TlsProfileName } from '@sealwatch/shared/probe/profiles/tls-profiles.js';
import { PROTOCOL_VERSIONS } from '@sealwatch/shared/probe/protocol-version.js';
import { SIGNATURE_SCHEMES } from '@sealwatch/shared/probe/signature-scheme.js';
import type { ServedCertificate, ServedTls } from '@sealwatch/shared/probe/tls-observation.js';
import { describe, expect, it } from 'vitest';

const AT = Date.parse('2026-11-23T00:00:00.000Z');

const CERTIFICATE: ServedCertificate = {
  fingerprint: `sha256:${'0'.repeat(64)}`,
  keyDigest: `sha256:${'1'.repeat(64)}`,
  subject: 'CN=etcd',
  issuer: 'CN=etcd-ca',
  subjectAltName: 'DNS:etcd',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2027-01-01T00:00:00.000Z',
  keyType: 'rsa',
  keyBits: 2048,
  curve: null,
  signatureAlgorithm: 'sha256WithRSAEncryption',
  serverAuth: true,
  matchesName: true,
  trust: { state: 'trusted' },
};

/** A service that every profile but the CNSA's takes as it is. */
const SERVICE: ServedTls = {
  state: 'served',
  versions: [
    { version: 'TLS 1.3', suites: ['TLS_AES_256_GCM_SHA384'], preference: 'single' },
    { version: 'TLS 1.2', suites: ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'], preference: 'single' },
  ],
  preferred: { version: 'TLS 1.3', suite: 'TLS_AES_256_GCM_SHA384', preference: 'single', method: '' },
  groups: { tls12: ['P-384'], tls13: ['P-384'] },
  dhPrimeBits: null,
  signatureSchemes: { tls12: ['rsa_pkcs1_sha384'], tls13: ['rsa_pss_rsae_sha384'] },
  extendedMasterSecret: true,
  secureRenegotiation: true,
  compression: false,
  clientCertificate: 'requested',
  alpn: null,
  certificates: [CERTIFICATE],
  unanswered: [],
};

/** `severity code item` of each finding. */
function judge(profile: TlsProfileName, changes: Partial<ServedTls> = {}): string[] {
  return judgeObservation({ ...SERVICE, ...changes }, TLS_PROFILES[profile], AT).map(
    ({ severity, code, item }) => `${severity} ${code} ${item}`,
  );
}

const suites = (...names: string[]): Partial<ServedTls> => ({
  versions: [
    { version: 'TLS 1.3', suites: [], preference: 'server' },
    { version: 'TLS 1.2', suites: names, preference: 'server' },
  ],
});
const certificate = (changes: Partial<ServedCertificate>): Partial<ServedTls> => ({
  certificates: [{ ...CERTIFICATE, ...changes }],
});

describe.each(TLS_PROFILE_NAMES)('the data of %s', (name) => {
  const profile = TLS_PROFILES[name];
  const sets: [string, RuleSet, readonly string[]][] = [
    ['versions', profile.versions, PROTOCOL_VERSIONS],
    ['suites', profile.suites, CIPHER_SUITES.map((suite) => suite.name)],
    ['groups', profile.groups, NAMED_GROUPS.map((group) => group.name)],
    ['signature schemes', profile.signatureSchemes, SIGNATURE_SCHEMES.map((scheme) => scheme.name)],
  ];

  it.each(sets)('%s: only known ones, each once, each with its source', (_, { rules, otherwise }, known) => {
    const items = rules.flatMap((rule) => rule.items);
    expect(items.filter((item) => !known.includes(item))).toEqual([]);
    expect(new Set(items).size).toBe(items.length);
    for (const source of [otherwise, ...rules.map((rule) => rule.source)]) expect(source.length).toBeGreaterThan(5);
  });

  it('goes by its own name', () => {
    expect(profile.name).toBe(name);
  });

  it('refuses what no profile may take', () => {
    const refused = [
      'NULL',
      'EXPORT',
      'anon',
      'RC4',
      '3DES',
      'DES',
      'CAMELLIA',
      'ARIA',
      'SEED',
      'IDEA',
      'CHACHA20',
      'KRB5',
      'SRP',
      'PSK',
    ];
    const taken = profile.suites.rules.flatMap((rule) => rule.items);
    expect(taken.filter((suite) => refused.some((word) => suite.split('_').includes(word)))).toEqual([]);
    for (const version of ['TLS 1.1', 'TLS 1.0', 'SSL 3.0'] as const) {
      const old = { versions: [...SERVICE.versions, { version, suites: [], preference: 'single' as const }] };
      expect(judge(name, old)).toContain(`fail tls.version ${version}`);
    }
    expect(judge(name, { groups: { tls12: ['X25519'], tls13: [] } })).toContain('fail tls.group X25519');
    expect(judge(name, { signatureSchemes: { tls12: ['rsa_pkcs1_sha1'], tls13: [] } })).toContain(
      'fail tls.signature-scheme rsa_pkcs1_sha1',
    );
    expect(judge(name, certificate({ keyBits: 1024 }))).toContain('fail tls.certificate-key rsa 1024 bits');
    expect(judge(name, certificate({ signatureAlgorithm: 'sha1WithRSAEncryption' }))).toContain(
      'fail tls.certificate-signature sha1WithRSAEncryption',
    );
    expect(judge(name, { secureRenegotiation: false })).toContain('fail tls.secure-renegotiation secure-renegotiation');
    expect(judge(name, { compression: true })).toContain('fail tls.compression no-compression');
    expect(judge(name, { dhPrimeBits: 1024 })).toContain('fail tls.dh-prime 1024 bits');
  });

  it('passes nothing that was not seen', () => {
    expect(judge(name, { unanswered: ['TLS 1.0 suites: no answer in time'] })).toContain(
      'unknown tls.incomplete TLS 1.0 suites: no answer in time',
    );
    expect(judge(name, { certificates: [] })).toContain('unknown tls.certificate-unseen no certificate');
    for (const state of ['unreachable', 'timeout', 'not-tls', 'refused', 'stopped'] as const) {
      const findings = judgeObservation({ state, reason: 'as it is' }, profile, AT);
      expect(findings).toMatchObject([{ item: 'as it is' }]);
      expect(observationPasses(findings)).toBe(false);
    }
  });
});

describe('konvoy-1.7', () => {
  it('takes the four of old, two of them with a warning, and their twins', () => {
    expect(
      judge(
        'konvoy-1.7',
        suites(
          'TLS_RSA_WITH_AES_128_GCM_SHA256',
          'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
          'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
          'TLS_RSA_WITH_AES_256_GCM_SHA384',
          'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
        ),
      ),
    ).toEqual([
      'warn tls.deprecated TLS_RSA_WITH_AES_128_GCM_SHA256',
      'warn tls.deprecated TLS_RSA_WITH_AES_256_GCM_SHA384',
    ]);
    expect(judge('konvoy-1.7')).toEqual([]);
    expect(judge('konvoy-1.7', { extendedMasterSecret: false, versions: SERVICE.versions.slice(1) })).toEqual([]);
  });

  it('ML-KEM alone is conditional, and not in cnsa-1.0', () => {
    const pure = { groups: { tls12: [], tls13: ['MLKEM1024'] } };
    expect(judge('sp800-52r2', pure)).toEqual(['warn tls.conditional MLKEM1024']);
    expect(judge('cnsa-1.0', pure)).toContain('fail tls.group MLKEM1024');
  });

  it('X25519MLKEM768 is conditional: a warning', () => {
    expect(judge('konvoy-1.7', { groups: { tls12: [], tls13: ['X25519MLKEM768', 'SecP256r1MLKEM768'] } })).toEqual([
      'warn tls.conditional X25519MLKEM768',
    ]);
  });

  it('keys that peers built with Go 1.15 take; those of later releases alone with a warning; no Ed25519', () => {
    expect(judge('konvoy-1.7', certificate({ keyBits: 3072 }))).toEqual([]);
    expect(judge('konvoy-1.7', certificate({ keyBits: 4096 }))).toEqual([
      'warn tls.conditional certificate key rsa 4096 bits',
    ]);
    expect(judge('konvoy-1.7', certificate({ keyType: 'ec', keyBits: 521, curve: 'P-521' }))).toEqual([
      'warn tls.conditional certificate key ec P-521',
    ]);
    expect(judge('konvoy-1.7', certificate({ keyBits: 2560 }))).toEqual(['fail tls.certificate-key rsa 2560 bits']);
    expect(judge('konvoy-1.7', certificate({ keyType: 'ed25519', keyBits: null }))).toEqual([
      'fail tls.certificate-key ed25519',
    ]);
  });
});

it('stig-v242418 takes the four ECDHE-GCM suites, and TLS 1.3 under conditions', () => {
  expect(judge('stig-v242418')).toEqual(['warn tls.conditional TLS_AES_256_GCM_SHA384']);
  expect(judge('stig-v242418', { ...certificate({ keyBits: 4096 }), ...suites() })).toEqual([]);
  expect(judge('stig-v242418', suites('TLS_RSA_WITH_AES_128_GCM_SHA256'))).toEqual([
    'fail tls.suite TLS_RSA_WITH_AES_128_GCM_SHA256',
  ]);
});

it('sp800-52r2 wants TLS 1.3 and extended master secret, and no RSA key transport', () => {
  expect(judge('sp800-52r2')).toEqual([]);
  expect(judge('sp800-52r2', { versions: SERVICE.versions.slice(1) })).toEqual(['fail tls.version-missing TLS 1.3']);
  expect(judge('sp800-52r2', { extendedMasterSecret: false })).toEqual([
    'fail tls.extended-master-secret extended-master-secret',
  ]);
  expect(judge('sp800-52r2', suites('TLS_RSA_WITH_AES_256_GCM_SHA384'))).toEqual([
    'fail tls.suite TLS_RSA_WITH_AES_256_GCM_SHA384',
  ]);
});

it.each([
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
  'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_DHE_RSA_WITH_AES_128_CCM',
  'TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8',
  'TLS_AES_128_CCM_8_SHA256',
])('sp800-52r2 lists %s, and something speaks against it', (suite) => {
  expect(judge('sp800-52r2', suites(suite))).toEqual([`warn tls.deprecated ${suite}`]);
});

it.each(['TLS_DHE_DSS_WITH_AES_256_GCM_SHA384', 'TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384', 'TLS_RSA_WITH_AES_128_CCM'])(
  'sp800-52r2 takes ephemeral keys under RSA and ECDSA certificates only: not %s',
  (suite) => {
    expect(judge('sp800-52r2', suites(suite))).toEqual([`fail tls.suite ${suite}`]);
  },
);

// the table of §3.3.1.1.1, §3.3.1.1.2 and §3.3.1.2, as many as they list
it('sp800-52r2 has every suite of the text for ECDSA and RSA certificates and for TLS 1.3, and no other', () => {
  const items = TLS_PROFILES['sp800-52r2'].suites.rules.flatMap((rule) => rule.items);
  const starting = (prefix: string): number => items.filter((item) => item.startsWith(prefix)).length;
  expect([starting('TLS_ECDHE_ECDSA'), starting('TLS_ECDHE_RSA'), starting('TLS_DHE_RSA')]).toEqual([10, 6, 10]);
  expect(starting('TLS_AES')).toBe(4);
  expect(items).toHaveLength(30);
});

it.each([
  [{ keyType: 'ed25519', keyBits: null }, ['warn tls.conditional certificate key ed25519']],
  [{ keyType: 'ec', keyBits: 521, curve: 'P-521' }, ['warn tls.conditional certificate key ec P-521']],
  [{ keyType: 'ec', keyBits: 384, curve: 'P-384' }, []],
  [{ keyType: 'rsa-pss' }, ['warn tls.conditional certificate key rsa-pss 2048 bits']],
  [{ keyBits: 2560 }, []],
  [{ signatureAlgorithm: 'ecdsa-with-SHA224' }, ['warn tls.deprecated ecdsa-with-SHA224']],
] as const)('sp800-52r2 and a certificate with %j', (changes, expected) => {
  expect(judge('sp800-52r2', certificate(changes))).toEqual(expected);
});

it('sp800-52r2 takes the curves of SP 800-56A it does not name, with a warning; konvoy-1.7 does not', () => {
  const odd = { groups: { tls12: ['P-224', 'sect571r1'], tls13: [] } };
  expect(judge('sp800-52r2', odd)).toEqual(['warn tls.deprecated P-224', 'warn tls.deprecated sect571r1']);
  expect(judge('konvoy-1.7', odd)).toEqual(['fail tls.group P-224', 'fail tls.group sect571r1']);
  expect(judge('sp800-52r2', { groups: { tls12: ['sect163r2'], tls13: [] } })).toEqual(['fail tls.group sect163r2']);
});

it.each([
  ['rsa', 4096, []],
  ['rsa', 3072, []],
  ['rsa', 7680, ['fail tls.certificate-key rsa 7680 bits']],
  ['rsa-pss', 3072, ['fail tls.certificate-key rsa-pss 3072 bits']],
] as const)(
  'cnsa-1.0 and a key of %s with %i bits (RFC 9151 §5.2 knows two sizes, and rsaEncryption)',
  (keyType, keyBits, expected) => {
    const served = certificate({ keyType, keyBits, signatureAlgorithm: 'sha384WithRSAEncryption' });
    expect(judge('cnsa-1.0', served)).toEqual(expected);
  },
);

it('cnsa-1.0 wants 256 bits, P-384, SHA-384 and RSA with 3072 bits', () => {
  const strong = certificate({ keyBits: 3072, signatureAlgorithm: 'sha384WithRSAEncryption' });
  expect(judge('cnsa-1.0', strong)).toEqual([]);
  expect(judge('cnsa-1.0')).toEqual([
    'fail tls.certificate-key rsa 2048 bits',
    'fail tls.certificate-signature sha256WithRSAEncryption',
  ]);
  expect(judge('cnsa-1.0', { ...strong, groups: { tls12: ['P-256'], tls13: [] } })).toEqual(['fail tls.group P-256']);
  expect(judge('cnsa-1.0', { ...strong, ...suites('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256') })).toEqual([
    'fail tls.suite TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  ]);
  for (const suite of ['TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_RSA_WITH_AES_256_GCM_SHA384'])
    expect(judge('cnsa-1.0', { ...strong, ...suites(suite) })).toEqual([`warn tls.deprecated ${suite}`]);
});

it('cnsa-1.0 advises extended master secret (RFC 9151 §6.1): a warning, and no question to TLS 1.3', () => {
  const strong = certificate({ keyBits: 3072, signatureAlgorithm: 'sha384WithRSAEncryption' });
  expect(judge('cnsa-1.0', { ...strong, extendedMasterSecret: false })).toEqual([
    'warn tls.advised extended-master-secret',
  ]);
  expect(judge('cnsa-1.0', { ...strong, extendedMasterSecret: null })).toEqual([]);
});

it.each([
  [3072, []],
  [4096, []],
  [2048, ['fail tls.dh-prime 2048 bits']],
  [6144, ['fail tls.dh-prime 6144 bits']],
] as const)('cnsa-1.0 and a prime of %i bits (RFC 9151 §5.3 knows two sizes)', (dhPrimeBits, expected) => {
  const strong = certificate({ keyBits: 3072, signatureAlgorithm: 'sha384WithRSAEncryption' });
  expect(judge('cnsa-1.0', { ...strong, dhPrimeBits })).toEqual(expected);
});

describe('a certificate', () => {
  it.each([
    [{ notAfter: '2026-11-22T00:00:00.000Z' }, 'tls.certificate-validity'],
    [{ notBefore: '2026-11-24T00:00:00.000Z' }, 'tls.certificate-validity'],
    [{ notAfter: null }, 'tls.certificate-validity'],
    [{ matchesName: false }, 'tls.certificate-name'],
    [{ serverAuth: false }, 'tls.certificate-usage'],
    [{ trust: { state: 'untrusted', reason: 'it does not lead there' } }, 'tls.certificate-untrusted'],
    [{ curve: 'secp256k1', keyType: 'ec', keyBits: 256 }, 'tls.certificate-key'],
    [{ signatureAlgorithm: 'unknown' }, 'tls.certificate-signature'],
  ] as const)('%j fails', (changes, code) => {
    const findings = judgeObservation({ ...SERVICE, ...certificate(changes) }, TLS_PROFILES['konvoy-1.7'], AT);
    expect(findings).toMatchObject([{ code, severity: 'fail' }]);
  });
});

describe('an address', () => {
  it.each([
    ['localhost:6443', { host: 'localhost', port: 6443 }, undefined],
    ['10.0.0.7:2379', { host: '10.0.0.7', port: 2379 }, undefined],
    ['[::1]:2379', { host: '::1', port: 2379 }, undefined],
    ['etcd-0.example:2379', { host: 'etcd-0.example', port: 2379 }, 'etcd-0.example'],
  ])('%s', (text, endpoint, name) => {
    expect(parseEndpoint(text)).toEqual(endpoint);
    expect(serverNameOf(endpoint)).toBe(name);
  });

  it.each(['localhost', ':1', 'a:0', 'a:65536', '::1:2379', '[::1]', 'https://a:1', 'a b:1', '[1.2.3.4]:1'])(
    'not %s',
    (text) => {
      expect(parseEndpoint(text)).toBeNull();
    },
  );
});
