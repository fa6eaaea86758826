/**
 * Functions that Go's packages link in so that a checker finds them without symbols: amd64 code that jumps over 29
 * telling bytes and returns (golang/go src/crypto/internal/boring/sig/sig_amd64.s). They show which packages were linked.
 */
export type CodeSignature = 'boringCrypto' | 'standardCrypto' | 'fipsOnly';

export const SIGNATURE_PREFIX: Buffer = Buffer.from('eb1df448f44bf4', 'hex');
export const SIGNATURE_BYTES = 32;
export const SIGNATURE_ALIGNMENT = 16;

const SIGNATURES: readonly (readonly [CodeSignature, Buffer])[] = [
  ['boringCrypto', Buffer.from('eb1df448f44bf4b332f52813a3b450d441cc2485f001454e92101b1d2f1950c3', 'hex')],
  ['standardCrypto', Buffer.from('eb1df448f44bf4baee4dfa9851ca56a91145e83e99c59cf911cb8e80daf12fc3', 'hex')],
  ['fipsOnly', Buffer.from('eb1df448f44bf4363cb9ce9d68047d31f28d325d5ca5873f5d80caf6d6151bc3', 'hex')],
];

/** @param code from the first byte of the function on */
export function signatureOf(code: Buffer): CodeSignature | undefined {
  return SIGNATURES.find(([, bytes]) => code.subarray(0, SIGNATURE_BYTES).equals(bytes))?.[0];
}
