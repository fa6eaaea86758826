import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { certificateFacts } from './certificate-facts.js';
import { type ChainTrust, chainTrust } from './chain-trust.js';
import type { FinishedHandshake } from './complete-handshake.js';
import type { ServedCertificate } from './tls-observation.js';

export interface CertificateQuestion {
  /** The name or address the certificate must be for; null: any. */
  readonly name: string | null;
  /** DER; empty: the chain is not checked. */
  readonly authorities: readonly Buffer[];
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/**
 * The certificates of all the chains seen, each once. Trust is ours to check, as a chain can be seen without a finished
 * handshake; where one was finished, OpenSSL has to agree.
 */
export function learnCertificates(
  chains: readonly (readonly Buffer[])[],
  handshakes: readonly FinishedHandshake[],
  question: CertificateQuestion,
): ServedCertificate[] {
  const found = new Map<string, ServedCertificate>();
  for (const chain of [...chains, ...handshakes.map((handshake) => handshake.chain)]) {
    const [leaf] = chain;
    const facts = leaf === undefined ? null : certificateFacts(leaf);
    if (leaf === undefined || facts === null || found.has(facts.fingerprint)) continue;
    const finished = handshakes.find((handshake) => handshake.chain[0]?.equals(leaf));
    found.set(facts.fingerprint, {
      ...facts,
      matchesName: question.name === null ? null : matches(leaf, question.name),
      trust: trustOf(chain, finished?.refusal ?? null, question),
    });
  }
  return [...found.values()];
}

/** OpenSSL's words for an authority that is no root: to us one that is given is enough. */
const NOT_A_ROOT = ['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'];

function trustOf(chain: readonly Buffer[], refusal: string | null, question: CertificateQuestion): ChainTrust {
  const { authorities, at } = question;
  if (authorities.length === 0) return { state: 'not-checked' };
  const trust = chainTrust(chain, authorities, at);
  if (trust.state !== 'trusted' || refusal === null || NOT_A_ROOT.includes(refusal)) return trust;
  return { state: 'untrusted', reason: refusal };
}

/** RFC 9525 §6, by the subject alternative names only. */
function matches(leaf: Buffer, name: string): boolean {
  const certificate = new X509Certificate(leaf);
  const found = isIP(name) === 0 ? certificate.checkHost(name, { subject: 'never' }) : certificate.checkIP(name);
  return found !== undefined;
}
