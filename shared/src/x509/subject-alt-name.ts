import { decodeDer, elementsOf, encodeDer, isContext, sequence, TAG, taggedBytes } from './der.js';

/** RFC 5280 §4.2.1.6, the kinds used here. */
export interface SubjectAltName {
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
}

const DNS_NAME = 2;
const URI = 6;

/** The extension's value. @throws Error for a name that is no IA5String */
export function encodeSubjectAltName({ uris, dnsNames }: SubjectAltName): Buffer {
  const uriNames = uris.map((uri) => taggedBytes(URI, ascii(uri)));
  const dns = dnsNames.map((name) => taggedBytes(DNS_NAME, ascii(name)));
  return encodeDer(sequence(...uriNames, ...dns));
}

/**
 * Read from DER, not from OpenSSL's text form: a comma inside one name would make two names there.
 * @throws Error if malformed
 */
export function decodeSubjectAltName(value: Uint8Array): SubjectAltName {
  const uris: string[] = [];
  const dnsNames: string[] = [];
  for (const name of elementsOf(decodeDer(value, { maxBytes: 16_384 }), TAG.sequence)) {
    if (isContext(name, URI)) uris.push(ia5(name.value));
    else if (isContext(name, DNS_NAME)) dnsNames.push(ia5(name.value));
  }
  return { uris, dnsNames };
}

function ascii(name: string): Buffer {
  return Buffer.from(ia5(name), 'latin1');
}

function ia5(value: unknown): string {
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) throw new Error('a name is not printable ASCII');
  return value;
}
