import type { ServedCertificate, TlsObservation } from './tls-observation.js';

/** What a report has room for; the schema of observations holds it. */
export const MAX_CERTIFICATES = 8;
export const MAX_TEXT = 2000;
export const MAX_NAME = 100;
export const MAX_UNANSWERED = 100;
const MAX_REASON = 500;

/** A server can say as much as it likes, and show another certificate each time: what is too much is cut, and said. */
export function boundedObservation(observation: TlsObservation): TlsObservation {
  if (observation.state !== 'served') return { ...observation, reason: cut(observation.reason, MAX_REASON) };
  const { certificates, alpn } = observation;
  const unanswered = observation.unanswered.map((what) => cut(what, MAX_REASON));
  if (certificates.length > MAX_CERTIFICATES) unanswered.push(`more than ${String(MAX_CERTIFICATES)} certificates`);
  return {
    ...observation,
    alpn: alpn === null ? null : cut(alpn, MAX_NAME),
    certificates: certificates.slice(0, MAX_CERTIFICATES).map(boundedCertificate),
    unanswered: unanswered.slice(-MAX_UNANSWERED),
  };
}

function boundedCertificate(certificate: ServedCertificate): ServedCertificate {
  const { subject, issuer, subjectAltName, keyType, curve, signatureAlgorithm } = certificate;
  return {
    ...certificate,
    subject: cut(subject, MAX_TEXT),
    issuer: cut(issuer, MAX_TEXT),
    subjectAltName: subjectAltName === null ? null : cut(subjectAltName, MAX_TEXT),
    keyType: cut(keyType, MAX_NAME),
    curve: curve === null ? null : cut(curve, MAX_NAME),
    signatureAlgorithm: cut(signatureAlgorithm, MAX_NAME),
  };
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
