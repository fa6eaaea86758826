import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateFacts } from '@sealwatch/shared/probe/certificate-facts.js';
import { chainTrust } from '@sealwatch/shared/probe/chain-trust.js';
import { learnCertificates } from '@sealwatch/shared/probe/learn-certificates.js';
import { certificatesFromPem } from '@sealwatch/shared/x509/pem.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustRun } from '../fakes/run-command.js';

const DAY = 86_400_000;
/** An hour from now: what is made below is valid from its own second on. */
const NOW = Date.now() + 3_600_000;
const CA = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'];

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-chains-'));
  await make('root', ['-newkey', 'rsa:2048', '-days', '100', ...CA]);
  await make('middle', [...by('root'), '-newkey', 'rsa:2048', '-days', '50', ...CA]);
  await make('leaf', [...by('middle'), '-newkey', 'rsa:2048', '-days', '20']);
  await make('stranger', ['-newkey', 'rsa:2048', '-days', '100', ...CA]);
  await make('no-authority', [...by('root'), '-newkey', 'rsa:2048', '-addext', 'basicConstraints=CA:FALSE']);
  await make('below-no-authority', [...by('no-authority'), '-newkey', 'rsa:2048']);
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const file = (name: string): string => join(directory, name);
const by = (issuer: string): string[] => ['-CA', file(`${issuer}.pem`), '-CAkey', file(`${issuer}.key`)];
const subject = (name: string): string[] => ['-subj', `/CN=${name}`];

async function make(name: string, args: readonly string[]): Promise<void> {
  const files = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)];
  await mustRun(['openssl', 'req', '-x509', '-nodes', ...subject(name), ...files, ...args]);
}

function der(name: string): Buffer {
  return certificatesFromPem(readFileSync(file(`${name}.pem`), 'latin1'), name)[0]!;
}

const chain = (...names: string[]): Buffer[] => names.map(der);

describe('a chain is trusted', () => {
  it.each([
    ['through what the server sends', ['leaf', 'middle'], ['root']],
    ['in any order after the first', ['leaf', 'stranger', 'root', 'middle'], ['root']],
    ['by an authority that is no root', ['leaf'], ['middle']],
    ['by one of several', ['leaf', 'middle'], ['stranger', 'root']],
    ['if its first certificate is itself given', ['leaf'], ['leaf']],
  ])('%s', (_, sent, given) => {
    expect(chainTrust(chain(...sent), chain(...given), NOW)).toEqual({ state: 'trusted' });
  });
});

describe('a chain is not trusted', () => {
  it.each([
    ['with a link missing', ['leaf'], ['root']],
    ['under another authority', ['leaf', 'middle', 'root'], ['stranger']],
    ['through a certificate that is no authority', ['below-no-authority', 'no-authority'], ['root']],
    ['by one that is no authority', ['below-no-authority'], ['no-authority']],
    ['without a certificate', [], ['root']],
  ])('%s', (_, sent, given) => {
    const reason = 'it does not lead to the given authority';
    expect(chainTrust(chain(...sent), chain(...given), NOW)).toEqual({ state: 'untrusted', reason });
  });

  it('if a signature is wrong', () => {
    const forged = Buffer.from(der('leaf'));
    forged[forged.length - 1]! ^= 1;
    expect(chainTrust([forged, der('middle')], chain('root'), NOW).state).toBe('untrusted');
  });

  it.each([
    ['the leaf', 30, /^a certificate of it expired at /],
    ['what stands between', 60, /expired/],
    ['before all of them', -1, /^a certificate of it is valid only from /],
  ])('out of its time: %s', (_, days, reason) => {
    const at = NOW + days * DAY;
    const trust = chainTrust(chain('leaf', 'middle'), chain('root'), at);
    expect(trust).toMatchObject({ state: 'untrusted', reason: expect.stringMatching(reason) as unknown });
  });

  it('if it is no certificate at all', () => {
    expect(chainTrust([Buffer.from('nothing')], chain('root'), NOW).state).toBe('untrusted');
    expect(certificateFacts(Buffer.from('nothing'))).toBeNull();
  });
});

describe('the name', () => {
  const matches = (name: string): boolean | null | undefined =>
    learnCertificates([[der('named')]], [], { name, authorities: [], at: NOW })[0]?.matchesName;

  it('is a subject alternative name, never a common name', async () => {
    const names = 'subjectAltName=DNS:*.example.org,DNS:etcd,IP:10.0.0.7,IP:fd00::7';
    await make('named', ['-newkey', 'ed25519', '-addext', names]);
    expect(['etcd', 'ETCD', 'a.example.org', '10.0.0.7', 'fd00::7'].map(matches)).toEqual(Array(5).fill(true));
    expect(['named', 'example.org', 'a.b.example.org', '10.0.0.8', 'fd00::8'].map(matches)).toEqual(
      Array(5).fill(false),
    );
    // without any other name, a common name would be taken by old clients
    await make('named', ['-newkey', 'ed25519']);
    expect(matches('named')).toBe(false);
  });
});

describe('what a certificate is signed with', () => {
  it.each([
    [['-newkey', 'rsa:2048', '-sha1'], 'sha1WithRSAEncryption'],
    [['-newkey', 'rsa:2048', '-sha512'], 'sha512WithRSAEncryption'],
    [['-newkey', 'rsa:2048', '-sha384', '-sigopt', 'rsa_padding_mode:pss'], 'rsassaPss-SHA384'],
    [['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521', '-sha256'], 'ecdsa-with-SHA256'],
    [['-newkey', 'ed448'], 'Ed448'],
  ])('%j', async (args, expected) => {
    await make('signed', args);
    expect(certificateFacts(der('signed'))).toMatchObject({ signatureAlgorithm: expected, subject: 'CN=signed' });
  });

  it('what it may be used for', async () => {
    await make('client', ['-newkey', 'ed25519', '-addext', 'extendedKeyUsage=clientAuth']);
    expect(certificateFacts(der('client'))).toMatchObject({ serverAuth: false, keyType: 'ed25519', keyBits: null });
    expect(certificateFacts(der('leaf'))).toMatchObject({ serverAuth: true, keyType: 'rsa', keyBits: 2048 });
  });

  it('a curve outside the registry of NIST', async () => {
    await make('koblitz', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1']);
    expect(certificateFacts(der('koblitz'))).toMatchObject({ keyType: 'ec', curve: 'secp256k1', keyBits: null });
  });
});
