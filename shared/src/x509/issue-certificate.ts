import { type KeyObject, randomBytes, sign } from 'node:crypto';
import { publicKeyOf } from '../signing/public-key.js';
import { requireP256 } from '../signing/require-p256.js';
import { type CertificateProfile, KEY_USAGE_BIT, type KeyUsage, PROFILE_RULES } from './certificate-profile.js';
import { decodeCertificate } from './decode-certificate.js';
import {
  bitString,
  decodeDer,
  type DerNode,
  encodeDer,
  integer,
  objectId,
  octetString,
  sequence,
  tagged,
  taggedBytes,
  trueValue,
} from './der.js';
import { distinguishedName } from './distinguished-name.js';
import { keyIdentifier } from './key-identifier.js';
import { OID } from './object-ids.js';
import { encodeSubjectAltName } from './subject-alt-name.js';
import { encodeTime } from './validity-time.js';

export interface CertificateSpec {
  readonly profile: CertificateProfile;
  readonly commonName: string;
  readonly publicKey: KeyObject;
  /** Whole seconds count. */
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly uri?: string;
  readonly dnsNames?: readonly string[];
  readonly issuer: { readonly certificate: Buffer; readonly key: KeyObject } | { readonly selfSigned: KeyObject };
}

/**
 * An X.509 v3 certificate (RFC 5280), ECDSA P-256 with SHA-256, DER. Everything in it comes from `spec`: nothing is
 * copied from a request.
 * @throws CodedError('key.invalid') for a key that is not P-256
 */
export function issueCertificate(spec: CertificateSpec): Buffer {
  const { issuer } = spec;
  const signingKey = requireP256('selfSigned' in issuer ? issuer.selfSigned : issuer.key, 'the issuing key');
  const publicKey = requireP256(publicKeyOf(spec.publicKey).key, 'the key to certify');
  const subject = distinguishedName(spec.commonName);
  const parent = 'selfSigned' in issuer ? undefined : decodeCertificate(issuer.certificate);
  const tbs = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    sequence(objectId(OID.ecdsaWithSha256)),
    parent === undefined ? subject : parent.subject,
    sequence(encodeTime(spec.notBefore), encodeTime(spec.notAfter)),
    subject,
    decodeDer(publicKey.export({ type: 'spki', format: 'der' }), { maxBytes: 4096 }),
    tagged(3, sequence(...extensions(spec, publicKey, parent?.subjectKeyIdentifier))),
  );
  const signature = sign('sha256', encodeDer(tbs), { key: signingKey, dsaEncoding: 'der' });
  return encodeDer(sequence(tbs, sequence(objectId(OID.ecdsaWithSha256)), bitString(signature)));
}

function extensions(spec: CertificateSpec, publicKey: KeyObject, issuerKeyId: Buffer | undefined): DerNode[] {
  const rules = PROFILE_RULES[spec.profile];
  const found = [
    extension(OID.basicConstraints, basicConstraints(rules.pathLength), 'critical'),
    extension(OID.keyUsage, keyUsage(rules.keyUsage), 'critical'),
    extension(OID.subjectKeyIdentifier, octetString(keyIdentifier(publicKey))),
  ];
  if (issuerKeyId !== undefined) {
    found.push(extension(OID.authorityKeyIdentifier, sequence(taggedBytes(0, issuerKeyId))));
  }
  if (rules.extendedKeyUsage !== null) {
    found.push(extension(OID.extKeyUsage, sequence(objectId(rules.extendedKeyUsage))));
  }
  const uris = spec.uri === undefined ? [] : [spec.uri];
  const dnsNames = spec.dnsNames ?? [];
  if (uris.length + dnsNames.length > 0) {
    found.push(sequence(objectId(OID.subjectAltName), octetString(encodeSubjectAltName({ uris, dnsNames }))));
  }
  return found;
}

function extension(oid: string, value: DerNode, critical?: 'critical'): DerNode {
  const content = octetString(encodeDer(value));
  return critical === undefined ? sequence(objectId(oid), content) : sequence(objectId(oid), trueValue(), content);
}

function basicConstraints(pathLength: number | null): DerNode {
  return pathLength === null ? sequence() : sequence(trueValue(), integer(Buffer.from([pathLength])));
}

/** Named bits, trailing zero bits dropped as DER wants it (X.690 §11.2.2). All bits used here fit one byte. */
function keyUsage(usages: readonly KeyUsage[]): DerNode {
  const bits = usages.map((usage) => KEY_USAGE_BIT[usage]);
  const byte = bits.reduce<number>((sum, bit) => sum | (0x80 >> bit), 0);
  return bitString(Buffer.from([byte]), 7 - Math.max(...bits));
}
