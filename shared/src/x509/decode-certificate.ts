import { contentOf, decodeDer, type DerNode, elementsOf, isContext, oidOf, TAG } from './der.js';
import { OID } from './object-ids.js';
import { decodeSubjectAltName, type SubjectAltName } from './subject-alt-name.js';
import { decodeTime } from './validity-time.js';

/** What a certificate says, read from its DER (RFC 5280 §4.1). Nothing of it is verified. */
export interface DecodedCertificate {
  readonly issuer: DerNode;
  readonly subject: DerNode;
  /** Milliseconds since the Unix epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The signature algorithm, the same inside and outside of what is signed. */
  readonly signatureAlgorithm: string;
  readonly isCa: boolean;
  /** Null: no limit. */
  readonly pathLength: number | null;
  /** Named bits, most significant first; undefined if the extension is not there. */
  readonly keyUsage: number | undefined;
  readonly extendedKeyUsages: readonly string[];
  readonly subjectAltName: SubjectAltName;
  readonly subjectKeyIdentifier: Buffer | undefined;
  /** OIDs of critical extensions that are not understood here. */
  readonly unknownCritical: readonly string[];
}

const MAX_CERTIFICATE_BYTES: number = 64 * 1024;

/** @throws Error saying what is wrong; callers name the input */
export function decodeCertificate(der: Uint8Array): DecodedCertificate {
  const [tbs, outerAlgorithm] = elementsOf(decodeDer(der, { maxBytes: MAX_CERTIFICATE_BYTES }), TAG.sequence);
  const fields = elementsOf(tbs, TAG.sequence);
  if (fields[0] === undefined || !isContext(fields[0], 0)) throw new Error('it is not a version 3 certificate');
  const [, , innerAlgorithm, issuer, validity, subject, , ...optional] = fields;
  if (issuer === undefined || subject === undefined) throw new Error('issuer or subject is missing');
  const [notBefore, notAfter] = elementsOf(validity, TAG.sequence);
  const signatureAlgorithm = oidOf(elementsOf(outerAlgorithm, TAG.sequence)[0]);
  if (oidOf(elementsOf(innerAlgorithm, TAG.sequence)[0]) !== signatureAlgorithm) {
    throw new Error('it names two signature algorithms');
  }
  return {
    issuer,
    subject,
    notBefore: decodeTime(notBefore),
    notAfter: decodeTime(notAfter),
    signatureAlgorithm,
    ...decodeExtensions(optional.find((node) => isContext(node, 3))),
  };
}

type Extensions = Omit<DecodedCertificate, 'issuer' | 'subject' | 'notBefore' | 'notAfter' | 'signatureAlgorithm'>;

function decodeExtensions(wrapper: DerNode | undefined): Extensions {
  const values = new Map<string, Buffer>();
  const unknownCritical: string[] = [];
  const list = wrapper === undefined ? [] : elementsOf(elementsOf(wrapper, 3, wrapper.tagClass)[0], TAG.sequence);
  for (const node of list) {
    const parts = elementsOf(node, TAG.sequence);
    const oid = oidOf(parts[0]);
    if (values.has(oid)) throw new Error(`extension ${oid} is there twice`);
    values.set(oid, contentOf(parts[parts.length - 1], TAG.octetString));
    const critical = parts.length === 3 && contentOf(parts[1], TAG.boolean)[0] === 0xff;
    if (critical && !UNDERSTOOD.has(oid)) unknownCritical.push(oid);
  }
  const decoded = (oid: string): DerNode | undefined => {
    const value = values.get(oid);
    return value === undefined ? undefined : decodeDer(value, { maxBytes: MAX_CERTIFICATE_BYTES });
  };
  const altName = values.get(OID.subjectAltName);
  const extKeyUsage = decoded(OID.extKeyUsage);
  const subjectKeyId = decoded(OID.subjectKeyIdentifier);
  return {
    ...basicConstraints(decoded(OID.basicConstraints)),
    keyUsage: keyUsage(decoded(OID.keyUsage)),
    extendedKeyUsages: extKeyUsage === undefined ? [] : elementsOf(extKeyUsage, TAG.sequence).map(oidOf),
    subjectAltName: altName === undefined ? { uris: [], dnsNames: [] } : decodeSubjectAltName(altName),
    subjectKeyIdentifier: subjectKeyId === undefined ? undefined : contentOf(subjectKeyId, TAG.octetString),
    unknownCritical,
  };
}

const UNDERSTOOD: ReadonlySet<string> = new Set([
  OID.basicConstraints,
  OID.keyUsage,
  OID.extKeyUsage,
  OID.subjectAltName,
]);

function basicConstraints(node: DerNode | undefined): { isCa: boolean; pathLength: number | null } {
  if (node === undefined) return { isCa: false, pathLength: null };
  const [ca, pathLength] = elementsOf(node, TAG.sequence);
  if (ca === undefined) return { isCa: false, pathLength: null };
  const isCa = contentOf(ca, TAG.boolean)[0] === 0xff;
  if (pathLength === undefined) return { isCa, pathLength: null };
  const bytes = contentOf(pathLength, TAG.integer);
  if (bytes.length !== 1 || (bytes[0] ?? 0) > 0x7f) throw new Error('its path length is out of range');
  return { isCa, pathLength: bytes[0] ?? 0 };
}

function keyUsage(node: DerNode | undefined): number | undefined {
  return node === undefined ? undefined : (contentOf(node, TAG.bitString)[1] ?? 0);
}
