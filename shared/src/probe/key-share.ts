import { createECDH, randomBytes } from 'node:crypto';

/** Public keys on NIST curves, as node:crypto names them (RFC 8446 §4.2.8.2: uncompressed points). */
const CURVES = new Map([
  [0x0017, 'prime256v1'],
  [0x0018, 'secp384r1'],
  [0x0019, 'secp521r1'],
  [0x001f, 'brainpoolP256r1'],
  [0x0020, 'brainpoolP384r1'],
  [0x0021, 'brainpoolP512r1'],
]);

/** Bytes of the prime (RFC 7919, appendix A). */
const FFDHE = new Map([
  [0x0100, 256],
  [0x0101, 384],
  [0x0102, 512],
  [0x0103, 768],
  [0x0104, 1024],
]);

/** ML-KEM's rank k (FIPS 203, table 2). */
const ML_KEM = new Map([
  [0x0200, 2],
  [0x0201, 3],
  [0x0202, 4],
]);

const X25519_BYTES = 32;

const MADE = new Map<number, Buffer | null>();

/**
 * Our half of a key exchange; null for a group we can't make one for. The same one each time: nobody keeps its secret,
 * the server must answer before it could matter, and no handshake is ever finished. Works with a Node in FIPS mode as
 * well.
 */
export function keyShare(group: number): Buffer | null {
  const made = MADE.get(group);
  if (made !== undefined) return made;
  const share = makeShare(group);
  MADE.set(group, share);
  return share;
}

function makeShare(group: number): Buffer | null {
  const curve = CURVES.get(group);
  if (curve !== undefined) return point(curve);
  const prime = FFDHE.get(group);
  if (prime !== undefined) return finiteFieldKey(prime);
  const rank = ML_KEM.get(group);
  if (rank !== undefined) return encapsulationKey(rank);
  switch (group) {
    // every string of the right length is a public key (RFC 7748 §5)
    case 0x001d:
      return randomBytes(X25519_BYTES);
    case 0x001e:
      return randomBytes(56);
    // draft-ietf-tls-ecdhe-mlkem §4.1: the order of the halves differs
    case 0x11eb:
      return joined(point('prime256v1'), encapsulationKey(3));
    case 0x11ec:
      return joined(encapsulationKey(3), randomBytes(X25519_BYTES));
    case 0x11ed:
      return joined(point('secp384r1'), encapsulationKey(4));
    default:
      return null;
  }
}

/** A curve that OpenSSL does not have here (FIPS mode, a reduced build) is one we can't offer a share for. */
function point(curve: string): Buffer | null {
  try {
    return createECDH(curve).generateKeys();
  } catch {
    return null;
  }
}

function joined(first: Buffer | null, second: Buffer): Buffer | null {
  return first === null ? null : Buffer.concat([first, second]);
}

/** Any number between 1 and p-1: every prime of RFC 7919 begins with 64 bits that are set. */
function finiteFieldKey(bytes: number): Buffer {
  const key = randomBytes(bytes);
  key[0] = 0x7f;
  return key;
}

const Q = 3329;

/**
 * An ML-KEM encapsulation key nobody knows the other half of: 256k coefficients below q in 12 bits each, then a seed. It
 * passes the check of FIPS 203 §7.2, which random bytes would not.
 */
function encapsulationKey(k: number): Buffer {
  const key = Buffer.concat([Buffer.alloc(384 * k), randomBytes(32)]);
  const random = randomBytes(512 * k);
  for (let pair = 0; pair < 128 * k; pair++) {
    const low = random.readUInt16BE(pair * 4) % Q;
    const high = random.readUInt16BE(pair * 4 + 2) % Q;
    key.writeUIntLE(low | (high << 12), pair * 3, 3);
  }
  return key;
}
