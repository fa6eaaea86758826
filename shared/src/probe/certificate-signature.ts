import { decodeDer, elementsOf, isContext, oidOf, TAG } from '../x509/der.js';

const NAMES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.4', 'md5WithRSAEncryption'],
  ['1.2.840.113549.1.1.5', 'sha1WithRSAEncryption'],
  ['1.2.840.113549.1.1.14', 'sha224WithRSAEncryption'],
  ['1.2.840.113549.1.1.11', 'sha256WithRSAEncryption'],
  ['1.2.840.113549.1.1.12', 'sha384WithRSAEncryption'],
  ['1.2.840.113549.1.1.13', 'sha512WithRSAEncryption'],
  ['1.2.840.10045.4.1', 'ecdsa-with-SHA1'],
  ['1.2.840.10045.4.3.1', 'ecdsa-with-SHA224'],
  ['1.2.840.10045.4.3.2', 'ecdsa-with-SHA256'],
  ['1.2.840.10045.4.3.3', 'ecdsa-with-SHA384'],
  ['1.2.840.10045.4.3.4', 'ecdsa-with-SHA512'],
  ['1.2.840.10040.4.3', 'dsa-with-SHA1'],
  ['2.16.840.1.101.3.4.3.2', 'dsa-with-SHA256'],
  ['1.3.101.112', 'Ed25519'],
  ['1.3.101.113', 'Ed448'],
]);

const RSASSA_PSS = '1.2.840.113549.1.1.10';

/** RFC 4055 §2.1; without a hash it is SHA-1 (§3.1). */
const PSS_HASHES: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'rsassaPss-SHA256'],
  ['2.16.840.1.101.3.4.2.2', 'rsassaPss-SHA384'],
  ['2.16.840.1.101.3.4.2.3', 'rsassaPss-SHA512'],
]);

const MAX_BYTES = 128 * 1024;

/** What a certificate is signed with (RFC 5280 §4.1.1.2); `unknown` if its DER can't be read. */
export function signatureAlgorithmOf(der: Uint8Array): string {
  try {
    const [, algorithm] = elementsOf(decodeDer(der, { maxBytes: MAX_BYTES }), TAG.sequence);
    const [id, parameters] = elementsOf(algorithm, TAG.sequence);
    const oid = oidOf(id);
    if (oid !== RSASSA_PSS) return NAMES.get(oid) ?? oid;
    const hash = elementsOf(parameters, TAG.sequence).find((node) => isContext(node, 0));
    if (hash === undefined) return 'rsassaPss-SHA1';
    const [hashId] = elementsOf(elementsOf(hash, 0, hash.tagClass)[0], TAG.sequence);
    return PSS_HASHES.get(oidOf(hashId)) ?? 'rsassaPss';
  } catch {
    return 'unknown';
  }
}
