import { X509Certificate } from 'node:crypto';
import { timestamp } from '../runtime/timestamp.js';

export type ChainTrust =
  | { readonly state: 'trusted' }
  | { readonly state: 'untrusted'; readonly reason: string }
  /** No certificate authority was given. */
  | { readonly state: 'not-checked' };

const MAX_LINKS = 8;

/**
 * Whether a chain leads from its first certificate to one of the given authorities: names, signatures, validity and CA
 * flags of each link (RFC 5280 §6.1 without policies and name constraints). It needs no finished handshake, so it also
 * tells of a server that wants a certificate we don't have.
 * @param at milliseconds since the Unix epoch
 */
export function chainTrust(chain: readonly Buffer[], authorities: readonly Buffer[], at: number): ChainTrust {
  try {
    return walk(
      chain.map((der) => new X509Certificate(der)),
      authorities.map((der) => new X509Certificate(der)),
      at,
    );
  } catch {
    return untrusted('a certificate of the chain can not be read');
  }
}

function walk(chain: readonly X509Certificate[], authorities: readonly X509Certificate[], at: number): ChainTrust {
  let [link] = chain;
  for (let links = 0; link !== undefined && links < MAX_LINKS; links++) {
    const current: X509Certificate = link;
    const expired = outsideValidity(current, at);
    if (expired !== null) return untrusted(expired);
    if (authorities.some(({ raw }) => raw.equals(current.raw))) return { state: 'trusted' };
    const root = authorities.find((authority) => issued(authority, current));
    if (root !== undefined) {
      const rootExpired = outsideValidity(root, at);
      return rootExpired === null ? { state: 'trusted' } : untrusted(rootExpired);
    }
    link = chain.find((other) => other !== current && issued(other, current));
  }
  return untrusted('it does not lead to the given authority');
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  return issuer.ca && subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

function outsideValidity(certificate: X509Certificate, at: number): string | null {
  const from = Date.parse(certificate.validFrom);
  const to = Date.parse(certificate.validTo);
  if (at < from) return `a certificate of it is valid only from ${timestamp(from)} on`;
  // also if a time can't be read
  return at <= to ? null : `a certificate of it expired at ${Number.isNaN(to) ? 'an unknown time' : timestamp(to)}`;
}

function untrusted(reason: string): ChainTrust {
  return { state: 'untrusted', reason };
}
