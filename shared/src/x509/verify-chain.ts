import { X509Certificate } from 'node:crypto';
import { CodedError } from '../runtime/coded-error.js';
import { printable } from '../runtime/printable.js';
import { timestamp } from '../runtime/timestamp.js';
import { type CertificateProfile, KEY_USAGE_BIT, type KeyUsage, PROFILE_RULES } from './certificate-profile.js';
import { decodeCertificate, type DecodedCertificate } from './decode-certificate.js';
import { encodeDer } from './der.js';
import { OID } from './object-ids.js';
import { type Certificate, readCertificate } from './read-certificate.js';

/** Leaf, issuing CAs, root: ours has three links. */
const MAX_CHAIN = 5;

interface Link {
  readonly certificate: Certificate;
  readonly decoded: DecodedCertificate;
}

/**
 * Verifies a path from the leaf to the pinned root (RFC 5280 §6.1, for a PKI of one algorithm and no policies): each
 * signature and name, validity of every link at `at`, CA flags and path lengths, and the profile's key usage.
 * The root may be repeated at the chain's end; only the pinned one counts. Revocation is the caller's record.
 * @param input.at milliseconds since the Unix epoch
 * @throws CodedError('certificate.rejected' | 'certificate.malformed')
 */
export function verifyChain(input: {
  chain: readonly Uint8Array[];
  root: Certificate;
  at: number;
  profile: CertificateProfile;
}): Certificate {
  const { root, at, profile } = input;
  if (input.chain.length === 0 || input.chain.length > MAX_CHAIN) {
    const count = String(input.chain.length);
    throw new CodedError(
      'certificate.rejected',
      `a chain of ${count} certificates; 1 to ${String(MAX_CHAIN)} are read`,
    );
  }
  const given = input.chain.map((der) => readCertificate(der, 'a certificate of the chain'));
  const endsAtRoot = given[given.length - 1]?.fingerprint === root.fingerprint;
  const path = [...(endsAtRoot ? given.slice(0, -1) : given), root].map(toLink);
  path.forEach((link, index) => {
    requireValidLink(link, at);
    // the root issued itself; below any other issuer stand as many authorities as there are links to the leaf
    const issuer = path[index + 1];
    requireIssuedBy(link, issuer ?? link, issuer === undefined ? index - 1 : index);
  });
  const leaf = path[0] ?? toLink(root);
  requireProfile(leaf, profile);
  return leaf.certificate;
}

function toLink(certificate: Certificate): Link {
  return { certificate, decoded: decodeCertificate(certificate.der) };
}

function requireValidLink({ certificate, decoded }: Link, at: number): void {
  if (at < decoded.notBefore) refuse(certificate, `is valid only from ${timestamp(decoded.notBefore)} on`);
  if (at > decoded.notAfter) refuse(certificate, `expired at ${timestamp(decoded.notAfter)}`);
  if (decoded.signatureAlgorithm !== OID.ecdsaWithSha256) refuse(certificate, 'is not signed with ECDSA and SHA-256');
  const [unknown] = decoded.unknownCritical;
  if (unknown !== undefined) refuse(certificate, `has the critical extension ${unknown}, which is not understood`);
}

function requireIssuedBy(link: Link, issuer: Link, authoritiesBelow: number): void {
  const { certificate } = link;
  if (!encodeDer(link.decoded.issuer).equals(encodeDer(issuer.decoded.subject))) {
    refuse(certificate, `was not issued by ${name(issuer.certificate)}`);
  }
  if (!issuer.decoded.isCa || !hasUsage(issuer.decoded, 'keyCertSign')) {
    refuse(issuer.certificate, 'is no certificate authority');
  }
  const { pathLength } = issuer.decoded;
  if (pathLength !== null && authoritiesBelow > pathLength) {
    refuse(issuer.certificate, `allows ${String(pathLength)} authorities below it, not ${String(authoritiesBelow)}`);
  }
  if (!new X509Certificate(certificate.der).verify(issuer.certificate.publicKey.key)) {
    refuse(certificate, `has no valid signature of ${name(issuer.certificate)}`);
  }
}

function requireProfile({ certificate, decoded }: Link, profile: CertificateProfile): void {
  const { pathLength, keyUsage, extendedKeyUsage } = PROFILE_RULES[profile];
  if (decoded.isCa !== (pathLength !== null)) {
    refuse(certificate, decoded.isCa ? 'is a certificate authority' : 'is no certificate authority');
  }
  if (!keyUsage.every((usage) => hasUsage(decoded, usage))) refuse(certificate, `lacks the key usage of ${profile}`);
  if (extendedKeyUsage !== null && !decoded.extendedKeyUsages.includes(extendedKeyUsage)) {
    refuse(certificate, `is not for ${profile}: its extended key usage lacks ${extendedKeyUsage}`);
  }
}

function hasUsage({ keyUsage }: DecodedCertificate, usage: KeyUsage): boolean {
  return keyUsage !== undefined && (keyUsage & (0x80 >> KEY_USAGE_BIT[usage])) !== 0;
}

function name({ subject }: Certificate): string {
  return printable(subject);
}

function refuse(certificate: Certificate, why: string): never {
  throw new CodedError('certificate.rejected', `the certificate of ${name(certificate)} ${why}`);
}
