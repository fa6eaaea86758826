import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { createCsr } from '@sealwatch/shared/x509/create-csr.js';
import { issueCertificate } from '@sealwatch/shared/x509/issue-certificate.js';
import { publicKeyFromCsr } from '@sealwatch/shared/x509/read-csr.js';
import { expect, it, onTestFinished } from 'vitest';

const key = generateP256();

it('makes a request whose signature openssl verifies', () => {
  const csr = createCsr({ privateKey: key.privateKey, commonName: 'node-1' });
  const shown = execFileSync('openssl', ['req', '-inform', 'DER', '-verify', '-noout', '-subject'], {
    input: csr,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  expect(shown).toContain('CN = node-1');
});

it('takes the public key from its own requests and from those of openssl', () => {
  const { keyid } = publicKeyOf(key.publicKey);
  const own = createCsr({ privateKey: key.privateKey, commonName: 'node-1' });
  expect(publicKeyOf(publicKeyFromCsr(own)).keyid).toBe(keyid);
  const subject = '/CN=admin/O=wanted';
  const dir = mkdtempSync(join(tmpdir(), 'request-'));
  onTestFinished(() => {
    rmSync(dir, { recursive: true });
  });
  const keyFile = join(dir, 'key.pem');
  writeFileSync(keyFile, key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const args = ['req', '-new', '-key', keyFile, '-subj', subject, '-addext', 'subjectAltName=URI:spiffe://x/y/z'];
  const foreign = execFileSync('openssl', [...args, '-outform', 'DER']);
  expect(publicKeyOf(publicKeyFromCsr(foreign)).keyid).toBe(keyid);
});

it('cuts a common name that X.509 has no room for: identity is the URI', () => {
  const csr = createCsr({ privateKey: key.privateKey, commonName: 'é'.repeat(100) });
  const args = ['req', '-inform', 'DER', '-noout', '-subject', '-nameopt', 'utf8'];
  expect(execFileSync('openssl', args, { input: csr, encoding: 'utf8' })).toContain(`${'é'.repeat(64)}\n`);
});

it('neither requests nor issues for a key that is not P-256', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  for (const other of [rsa, p384]) {
    expect(() => createCsr({ privateKey: other.privateKey, commonName: 'node-1' })).toThrow(/not a P-256 key/);
    const spec = { commonName: 'node-1', notBefore: new Date(0), notAfter: new Date(1e12), profile: 'root' } as const;
    const issue = (): Buffer =>
      issueCertificate({ ...spec, publicKey: other.publicKey, issuer: { selfSigned: key.privateKey } });
    expect(issue).toThrow(/not a P-256 key/);
  }
});

it('says why it refuses, with one code', () => {
  try {
    publicKeyFromCsr(Buffer.from('no request'));
    expect.unreachable();
  } catch (error) {
    expect(isCoded(error, 'certificate.malformed')).toBe(true);
    expect(String(error)).toMatch(/certificate request was refused/);
  }
});
