import { sizeFits, standingFinding, standingOf } from './judge-items.js';
import type { KeyRule, TlsProfile } from './profile.js';
import { profileFinding, type ProfileFinding } from './profile-finding.js';
import type { ServedCertificate } from './tls-observation.js';

/** Everything about a certificate that does not depend on the time. */
export function judgeCertificate(certificate: ServedCertificate, profile: TlsProfile): ProfileFinding[] {
  const { subject, subjectAltName, trust, matchesName, serverAuth, signatureAlgorithm } = certificate;
  const findings = [
    ...judgeKey(certificate, profile),
    ...standingOf([signatureAlgorithm], profile.certificateSignatures, 'tls.certificate-signature'),
  ];
  if (matchesName === false) {
    const names = `${subject}: ${subjectAltName ?? 'no subject alternative name'}`;
    findings.push(profileFinding('tls.certificate-name', names, 'RFC 9525 §6'));
  }
  if (!serverAuth) findings.push(profileFinding('tls.certificate-usage', subject, 'RFC 5280 §4.2.1.12'));
  if (trust.state === 'untrusted') {
    const item = `${subject}: ${trust.reason}`;
    findings.push(profileFinding('tls.certificate-untrusted', item, 'RFC 5280 §6.1'));
  }
  return findings;
}

function judgeKey(certificate: ServedCertificate, { keys }: TlsProfile): ProfileFinding[] {
  const { keyType, keyBits, curve } = certificate;
  const item = [keyType, curve ?? (keyBits === null ? '' : `${String(keyBits)} bits`)].filter(Boolean).join(' ');
  const rule = keys.rules.find((candidate) => fits(certificate, candidate));
  if (rule === undefined) return [profileFinding('tls.certificate-key', item, keys.otherwise)];
  return standingFinding(`certificate key ${item}`, rule);
}

function fits({ keyType, keyBits, curve }: ServedCertificate, rule: KeyRule): boolean {
  if (rule.keyType !== keyType) return false;
  if (rule.curves !== undefined && !rule.curves.includes(curve ?? '')) return false;
  return rule.bits === undefined || sizeFits(keyBits ?? 0, rule.bits);
}
