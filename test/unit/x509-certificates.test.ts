import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import type { CertificateProfile } from '@sealwatch/shared/x509/certificate-profile.js';
import { issueCertificate } from '@sealwatch/shared/x509/issue-certificate.js';
import { certificatePem, certificatesFromPem } from '@sealwatch/shared/x509/pem.js';
import { readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import { verifyChain } from '@sealwatch/shared/x509/verify-chain.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const notBefore = new Date('2026-01-01T00:00:00Z');
const notAfter = new Date('2036-01-01T00:00:00Z');
const at = Date.parse('2026-06-01T00:00:00Z');
const NOW = String(at / 1000);
const URI = `spiffe://${'a'.repeat(32)}/host/node-1`;

const rootKey = generateP256();
const issuingKey = generateP256();
const leafKey = generateP256();

const root = issueCertificate({
  profile: 'root',
  commonName: 'demo root',
  publicKey: rootKey.publicKey,
  notBefore,
  notAfter: new Date('2060-01-01T00:00:00Z'),
  issuer: { selfSigned: rootKey.privateKey },
});
const issuingSpec = {
  profile: 'issuing-ca',
  commonName: 'demo issuing CA',
  publicKey: issuingKey.publicKey,
  notBefore,
  notAfter,
  issuer: { certificate: root, key: rootKey.privateKey },
} as const;
const issuing = issueCertificate(issuingSpec);

function leafOf(profile: CertificateProfile, change: Partial<Parameters<typeof issueCertificate>[0]> = {}): Buffer {
  return issueCertificate({
    profile,
    commonName: 'node-1',
    publicKey: leafKey.publicKey,
    notBefore,
    notAfter,
    uri: URI,
    dnsNames: ['collector.sealwatch.internal'],
    issuer: { certificate: issuing, key: issuingKey.privateKey },
    ...change,
  });
}

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'x509-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

function file(name: string, der: Buffer): string {
  const path = join(dir, name);
  writeFileSync(path, certificatePem(der));
  return path;
}

function opensslVerify(leaf: Buffer, ...options: string[]): string {
  const args = ['verify', '-x509_strict', '-attime', NOW, '-CAfile', file('root.pem', root), ...options];
  return execFileSync('openssl', [...args, '-untrusted', file('ca.pem', issuing), file('leaf.pem', leaf)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function opensslText(der: Buffer): string {
  return execFileSync('openssl', ['x509', '-inform', 'DER', '-noout', '-text'], { input: der, encoding: 'utf8' });
}

describe('openssl verify -x509_strict', () => {
  it.each([
    ['collector-tls', 'sslserver'],
    ['host-tls', 'sslclient'],
    ['operator-tls', 'sslclient'],
    ['host-signing', 'any'],
  ] as const)('accepts %s for %s', (profile, purpose) => {
    expect(opensslVerify(leafOf(profile), '-purpose', purpose)).toContain('leaf.pem: OK');
  });

  it('accepts the root and the issuing CA', () => {
    expect(opensslVerify(root)).toContain('OK');
    expect(opensslVerify(issuing)).toContain('OK');
  });

  it.each(['sslclient', 'sslserver'])('refuses a host signing certificate as %s: it opens no connection', (purpose) => {
    expect(() => opensslVerify(leafOf('host-signing'), '-purpose', purpose)).toThrow(/purpose/);
  });

  it('refuses a host TLS certificate as a server', () => {
    expect(() => opensslVerify(leafOf('host-tls'), '-purpose', 'sslserver')).toThrow(/purpose/);
  });

  it('refuses a CA below the issuing CA', () => {
    const extra = leafOf('issuing-ca', { commonName: 'rogue CA' });
    const below = leafOf('host-tls', { issuer: { certificate: extra, key: leafKey.privateKey } });
    const untrusted = ['-untrusted', file('extra.pem', extra)];
    expect(() => opensslVerify(below, ...untrusted)).toThrow(/path length constraint exceeded/);
  });
});

it('marks basic constraints and key usage critical and names keys without SHA-1', () => {
  const text = opensslText(leafOf('host-tls'));
  expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
  expect(text).toMatch(/Key Usage: critical\s+Digital Signature\n/);
  expect(text).toContain(`URI:${URI}, DNS:collector.sealwatch.internal`);
  expect(opensslText(issuing)).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
  expect(opensslText(issuing)).toMatch(/CA:TRUE, pathlen:0/);
  expect(opensslText(root)).toMatch(/CA:TRUE, pathlen:1/);
  const subjectKeyId = /Subject Key Identifier:\s+([0-9A-F:]+)/.exec(opensslText(issuing))?.[1];
  expect(text).toContain(`Authority Key Identifier: \n                ${subjectKeyId!}`);
  expect(subjectKeyId).toHaveLength(59);
});

it('gives every certificate a positive random serial of up to 128 bits', () => {
  const serials = Array.from({ length: 600 }, () => readCertificate(leafOf('host-tls'), 'a leaf').serial);
  expect(new Set(serials).size).toBe(600);
  for (const serial of serials) expect(serial).toMatch(/^[0-9a-f]{20,32}$/);
});

it('writes UTCTime through 2049 and GeneralizedTime from 2050 on', () => {
  const certificate = leafOf('host-tls', {
    notBefore: new Date('2049-12-31T23:59:59Z'),
    notAfter: new Date('2050-01-01T00:00:00Z'),
  });
  const dump = execFileSync('openssl', ['asn1parse', '-inform', 'DER'], { input: certificate, encoding: 'utf8' });
  expect(dump).toMatch(/UTCTIME\s+:491231235959Z/);
  expect(dump).toMatch(/GENERALIZEDTIME\s+:20500101000000Z/);
  const read = readCertificate(certificate, 'a leaf');
  expect(read.notBefore).toBe(Date.UTC(2049, 11, 31, 23, 59, 59));
  expect(read.notAfter).toBe(Date.UTC(2050, 0, 1));
});

it('reads back what it issued, from DER and from PEM', () => {
  const der = leafOf('host-tls');
  const read = readCertificate(der, 'a leaf');
  const node = new X509Certificate(der);
  expect(read).toMatchObject({
    serial: node.serialNumber.toLowerCase(),
    notBefore: notBefore.getTime(),
    notAfter: notAfter.getTime(),
    uris: [URI],
    dnsNames: ['collector.sealwatch.internal'],
    isCa: false,
    extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'],
  });
  expect(read.fingerprint).toBe(`sha256:${node.fingerprint256.replaceAll(':', '').toLowerCase()}`);
  expect(readCertificate(certificatePem(der), 'a leaf').der.equals(der)).toBe(true);
  expect(readCertificate(Buffer.from(certificatePem(der)), 'a leaf').der.equals(der)).toBe(true);
});

it('reads an RSA certificate that openssl made, as a Kubernetes authority is', () => {
  const key = join(dir, 'rsa.key');
  const made = execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-subj', '/CN=kubernetes', '-days', '3650'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const read = readCertificate(made, 'ca.crt');
  expect(read.isCa).toBe(true);
  expect(read.notBefore).toBe(Date.parse(new X509Certificate(made).validFrom));
  expect(read.publicKey.key.asymmetricKeyType).toBe('rsa');
});

it('is not fooled by a comma inside one name', () => {
  const evil = `spiffe://x/host/a,URI:spiffe://${'a'.repeat(32)}/host/admin`;
  expect(readCertificate(leafOf('host-tls', { uri: evil }), 'a leaf').uris).toEqual([evil]);
});

it('takes several PEM certificates in order and refuses a damaged block', () => {
  const text = `subject=demo\n${certificatePem(issuing)}\n${certificatePem(root)}`;
  expect(certificatesFromPem(text, 'chain.pem').map((der) => der.equals(root))).toEqual([false, true]);
  expect(() => certificatesFromPem(text.replace(/-----END/, '----END'), 'chain.pem')).toThrow(/chain\.pem.*damaged/);
  expect(() => certificatesFromPem('hello', 'chain.pem')).toThrow(/chain\.pem holds no certificate/);
  expect(() => readCertificate(text, 'root.pem')).toThrow(/root\.pem holds 2 certificates/);
});

describe('verifyChain', () => {
  const pinned = readCertificate(root, 'the root');
  const chain = (leaf: Buffer, ca: Buffer = issuing): Buffer[] => [leaf, ca];

  function refusal(run: () => unknown): string {
    try {
      run();
    } catch (error) {
      if (isCoded(error, 'certificate.rejected')) return error.message;
      throw error;
    }
    return 'accepted';
  }

  it.each(['collector-tls', 'host-tls', 'operator-tls', 'host-signing'] as const)('accepts %s', (profile) => {
    const leaf = leafOf(profile);
    expect(verifyChain({ chain: chain(leaf), root: pinned, at, profile }).der.equals(leaf)).toBe(true);
    expect(verifyChain({ chain: [leaf, issuing, root], root: pinned, at, profile }).der.equals(leaf)).toBe(true);
  });

  it('accepts the issuing CA and the root as what they are', () => {
    expect(verifyChain({ chain: [issuing], root: pinned, at, profile: 'issuing-ca' }).isCa).toBe(true);
    expect(verifyChain({ chain: [root], root: pinned, at, profile: 'root' }).isCa).toBe(true);
  });

  const otherKey = generateP256();
  const otherRoot = issueCertificate({
    profile: 'root',
    commonName: 'demo root',
    publicKey: otherKey.publicKey,
    notBefore,
    notAfter,
    issuer: { selfSigned: otherKey.privateKey },
  });
  const cases: [string, () => Buffer[], RegExp][] = [
    ['a leaf for another use', () => chain(leafOf('host-signing')), /not for host-tls/],
    ['a CA as a leaf', () => chain(leafOf('issuing-ca')), /is a certificate authority/],
    ['a leaf without its issuing CA', () => [leafOf('host-tls')], /was not issued by CN=demo root/],
    ['a leaf not yet valid', () => chain(leafOf('host-tls', { notBefore: new Date(at + 1000) })), /valid only from/],
    ['an expired leaf', () => chain(leafOf('host-tls', { notAfter: new Date(at - 1000) })), /expired at 2026-05-31/],
    [
      'an expired issuing CA',
      () => chain(leafOf('host-tls'), issueCertificate({ ...issuingSpec, notAfter: new Date(at - 1000) })),
      /demo issuing CA expired/,
    ],
    [
      'a root of the same name with another key',
      () => {
        const ca = issueCertificate({ ...issuingSpec, issuer: { certificate: otherRoot, key: otherKey.privateKey } });
        return [leafOf('host-tls'), ca];
      },
      /no valid signature of CN=demo root/,
    ],
    [
      'a leaf that issues leaves',
      () => {
        const middle = leafOf('host-tls');
        return [leafOf('host-tls', { issuer: { certificate: middle, key: leafKey.privateKey } }), middle, issuing];
      },
      /node-1 is no certificate authority/,
    ],
    [
      'a CA below the issuing CA',
      () => {
        const middle = leafOf('issuing-ca');
        return [leafOf('host-tls', { issuer: { certificate: middle, key: leafKey.privateKey } }), middle, issuing];
      },
      /allows 0 authorities below it, not 1/,
    ],
    ['an empty chain', () => [], /chain of 0/],
    ['a very long chain', () => Array.from({ length: 6 }, () => issuing), /chain of 6/],
  ];
  it.each(cases)('refuses %s', (_, made, why) => {
    expect(refusal(() => verifyChain({ chain: made(), root: pinned, at, profile: 'host-tls' }))).toMatch(why);
  });

  it('refuses a leaf with one changed bit anywhere', () => {
    const leaf = leafOf('host-tls');
    for (let i = 0; i < leaf.length; i += 7) {
      const changed = Buffer.from(leaf);
      changed[i]! ^= 0x04;
      expect(() => verifyChain({ chain: chain(changed), root: pinned, at, profile: 'host-tls' })).toThrow();
    }
  });
});
