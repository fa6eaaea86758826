import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
} from 'node:crypto';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';

/** FIPS 180-4, one block: "abc". */
const SHA256_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
/** RFC 4231 §4.3. */
const HMAC_JEFE = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
/** A key of no other use: an EC private key is quick to make, but a fixed one can be wrong only in one way. */
const P256_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmhnDPKsmTIUnUu+b
buaNftTCertBLshJDYKOKPWRHuyhRANCAATGcnD1XsHcNBbXIuzIY1t46x7t+gcG
C3iCgJsSGqldoI6kk02OUWGm8HkRun2pJ0vyVDpH1D1PDCrtF4GIGihv
-----END PRIVATE KEY-----
`;

/**
 * Known answers of the algorithms the agent relies on, and an altered one that has to fail, before it signs anything:
 * what the runtime says of itself (getFips) is no proof of how it behaves.
 * @throws CodedError('internal') naming the algorithm
 */
export function testCrypto(): void {
  hold('SHA-256', createHash('sha256').update('abc').digest('hex') === SHA256_ABC);
  const mac = createHmac('sha256', 'Jefe').update('what do ya want for nothing?').digest('hex');
  hold('HMAC-SHA-256', mac === HMAC_JEFE);
  hold('AES-256-GCM', sealsAndOpens());
  hold('ECDSA P-256', signsAndVerifies());
}

function hold(algorithm: string, holds: boolean): void {
  if (holds) return;
  throw new CodedError('internal', `the self-test of ${algorithm} failed: this Node runtime must not sign anything`);
}

/** GCM specification (McGrew, Viega), test case 14: a key, an IV and a block of zeros. */
function sealsAndOpens(): boolean {
  const [key, iv] = [Buffer.alloc(32), Buffer.alloc(12)];
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const sealed = Buffer.concat([cipher.update(Buffer.alloc(16)), cipher.final()]);
  const tag = cipher.getAuthTag();
  if (sealed.toString('hex') !== 'cea7403d4d606b6e074ec5d3baf39d18') return false;
  if (tag.toString('hex') !== 'd0d1c8a799996bf0265b98b5d48ab919') return false;
  const decipher = createDecipheriv('aes-256-gcm', key, iv);
  decipher.setAuthTag(Buffer.from(tag.map((byte, i) => (i === 0 ? byte ^ 1 : byte))));
  decipher.update(sealed);
  try {
    decipher.final();
    return false;
  } catch {
    return true;
  }
}

function signsAndVerifies(): boolean {
  const key = createPrivateKey(P256_KEY);
  const publicKey = createPublicKey(key);
  const message = Buffer.from('sealwatch self-test');
  const signature = sign('sha256', message, key);
  return (
    verify('sha256', message, publicKey, signature) && !verify('sha256', Buffer.from('another'), publicKey, signature)
  );
}
