import type { Interview } from './interview.js';
import { NAMED_GROUPS } from './named-group.js';
import { SIGNATURE_SCHEMES } from './signature-scheme.js';

/** Groups and signature schemes that a server was seen to choose, each in its order. */
export interface Exchanges {
  readonly groups: readonly number[];
  readonly schemes: readonly number[];
}

/**
 * Groups and signature schemes of TLS 1.2 at once: one ServerKeyExchange shows both, so as long as the server finds one of
 * each among those left, an answer counts twice. What the last of them leaves open is for each to be asked alone.
 * @param suites accepted ones whose key exchange is ECDHE and signed
 */
export async function enumerateExchanges(interview: Interview, suites: readonly number[]): Promise<Exchanges> {
  const chosen: { groups: number[]; schemes: number[] } = { groups: [], schemes: [] };
  let groups = NAMED_GROUPS.map(({ id }) => id);
  let schemes = SIGNATURE_SCHEMES.map(({ id }) => id);
  while (suites.length > 0 && groups.length > 0 && schemes.length > 0) {
    const offer = { version: 'TLS 1.2', suites, groups, signatureSchemes: schemes } as const;
    const answer = await interview.ask(offer, 'key-exchange');
    const { group = null, scheme = null } = (answer.kind === 'hello' ? answer.flight.keyExchange : null) ?? {};
    if (group === null || scheme === null || !groups.includes(group) || !schemes.includes(scheme)) break;
    chosen.groups.push(group);
    chosen.schemes.push(scheme);
    groups = groups.filter((id) => id !== group);
    schemes = schemes.filter((id) => id !== scheme);
  }
  return chosen;
}
