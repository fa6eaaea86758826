import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCoded, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { createCsr } from '@sealwatch/shared/x509/create-csr.js';
import { publicKeyFromCsr } from '@sealwatch/shared/x509/read-csr.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A request arrives before anybody is authenticated: it must be refused, never crash or be read two ways. */
const key = generateP256();
const csr = createCsr({ privateKey: key.privateKey, commonName: 'node-1' });

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'csr-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

function opensslCsr(keyPem: string, ...options: string[]): Buffer {
  const keyFile = join(dir, 'key.pem');
  writeFileSync(keyFile, keyPem);
  const args = ['req', '-new', '-key', keyFile, '-subj', '/CN=node-1', '-outform', 'DER'];
  return execFileSync('openssl', [...args, ...options]);
}

function pem(kind: { privateKey: { export(o: { type: 'pkcs8'; format: 'pem' }): string | Buffer } }): string {
  return String(kind.privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

function nested(levels: number): Buffer {
  let bytes: Buffer = Buffer.alloc(0);
  for (let i = 0; i < levels; i++) bytes = wrap(0x30, bytes);
  return bytes;
}

function wrap(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const long = length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  const header = length < 128 ? [tag, length] : long;
  return Buffer.concat([Buffer.from(header), content]);
}

/** The same request with the outermost length written in one byte more than needed. */
function paddedLength(der: Buffer): Buffer {
  const bytesOfLength = (der[1]! & 0x7f) + 1;
  return Buffer.concat([Buffer.from([0x30, 0x80 | bytesOfLength, 0]), der.subarray(2)]);
}

function indefinite(der: Buffer): Buffer {
  const header = 2 + (der[1]! & 0x7f);
  return Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(header), Buffer.alloc(2)]);
}

/** The request's own signed part under another's signature. */
function signedBy(other: ReturnType<typeof generateP256>, algorithm = '300a06082a8648ce3d040302'): Buffer {
  const header = 2 + (csr[1]! & 0x7f);
  const infoLength = 2 + (csr[header + 1]! & 0x80 ? csr[header + 1]! & 0x7f : 0);
  const declared = csr[header + 1]! & 0x80 ? csr.readUIntBE(header + 2, csr[header + 1]! & 0x7f) : csr[header + 1]!;
  const info = csr.subarray(header, header + infoLength + declared);
  const signature = sign('sha256', info, { key: other.privateKey, dsaEncoding: 'der' });
  const bits = wrap(3, Buffer.concat([Buffer.alloc(1), signature]));
  return wrap(0x30, Buffer.concat([info, Buffer.from(algorithm, 'hex'), bits]));
}

describe('a certificate request from a stranger', () => {
  const cases: [string, () => Buffer, RegExp][] = [
    ['nests 200 levels', () => nested(200), /depth/i],
    ['nests to the size limit', () => nested(5000), /depth|bytes/i],
    ['is over 16 KiB', () => Buffer.concat([csr, Buffer.alloc(16_384)]), /16384/],
    ['has a byte after its end', () => Buffer.concat([csr, Buffer.alloc(1)]), /unparsed|bytes|canonical/i],
    ['writes a length with a padding byte', () => paddedLength(csr), /canonical/],
    ['uses an indefinite length', () => indefinite(csr), /canonical/],
    ['is cut off', () => csr.subarray(0, csr.length - 1), /few bytes/i],
    ['is empty', () => Buffer.alloc(0), /few bytes/i],
    ['is one tag', () => Buffer.from([0x30]), /few bytes/i],
    ['claims four gigabytes', () => Buffer.from('3084ffffffff00', 'hex'), /length|bytes/i],
    ['is a sequence of nothing', () => Buffer.from('3000', 'hex'), /PKCS#10/],
    ['is signed by another key', () => signedBy(generateP256()), /not by the key it holds/],
    [
      'is for a P-384 key',
      () => opensslCsr(pem(generateKeyPairSync('ec', { namedCurve: 'secp384r1' })), '-sha256'),
      /P-256/,
    ],
    ['is for an RSA key', () => opensslCsr(pem(generateKeyPairSync('rsa', { modulusLength: 2048 }))), /ECDSA/],
    [
      'gives its curve by explicit parameters',
      () => {
        const explicit = execFileSync('openssl', [
          ...['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-param_enc', 'explicit'],
        ]);
        return opensslCsr(explicit.toString());
      },
      /P-256/,
    ],
    [
      'names its algorithm by a number that wraps around at 32 bits',
      () => signedBy(key, '300e060c2a8648ce3d04039080808002'),
      /32-bits|out of range/,
    ],
    [
      'names its algorithm by a padded number',
      () => signedBy(key, '300b06092a8648ce3d04038002'),
      /object identifier is out of range/,
    ],
    ['is signed with SHA-512', () => opensslCsr(pem(key), '-sha512'), /ECDSA and SHA-256/],
  ];

  it.each(cases)('%s: refused', (_, made, why) => {
    let error: unknown;
    try {
      publicKeyFromCsr(made());
    } catch (thrown) {
      error = thrown;
    }
    expect(isCoded(error, 'certificate.malformed')).toBe(true);
    expect(reasonOf(error)).toMatch(why);
  });

  it('the unharmed request passes, and the rebuilt one too: the cases above fail for their own reason', () => {
    expect(publicKeyFromCsr(csr).equals(key.publicKey)).toBe(true);
    expect(publicKeyFromCsr(signedBy(key)).equals(key.publicKey)).toBe(true);
  });

  it('with one changed bit anywhere: refused', () => {
    for (let i = 0; i < csr.length * 8; i++) {
      const changed = Buffer.from(csr);
      changed[i >> 3]! ^= 1 << (i & 7);
      expect(() => publicKeyFromCsr(changed), `bit ${String(i)}`).toThrow(/certificate request was refused/);
    }
  });

  it('of random bytes: refused, always with the same code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          publicKeyFromCsr(bytes);
        } catch (error) {
          return isCoded(error, 'certificate.malformed');
        }
        return false;
      }),
    );
  });
});
