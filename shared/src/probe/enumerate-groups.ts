import { suiteOf } from './cipher-suite.js';
import { type Choice, enumerate, type Enumeration } from './enumerate.js';
import type { Interview } from './interview.js';
import { NAMED_GROUPS } from './named-group.js';
import { type ProtocolVersion, VERSION_CODE } from './protocol-version.js';

/**
 * Groups of ECDHE up to TLS 1.2, from the ServerKeyExchange.
 * @param ecdhe accepted suites of that version that exchange keys with ECDHE; nothing else is offered
 * @param found groups that were chosen before
 */
export function enumerateCurves(
  interview: Interview,
  version: ProtocolVersion,
  ecdhe: readonly number[],
  found: readonly number[] = [],
): Promise<Enumeration> {
  const choose = async (groups: readonly number[]): Promise<Choice> => {
    const answer = await interview.ask({ version, suites: ecdhe, groups }, 'key-exchange');
    const group = answer.kind === 'hello' ? answer.flight.keyExchange?.group : null;
    return group === null || group === undefined ? { chosen: null, answer } : { chosen: group };
  };
  const keepAccepted = ecdhe.some((id) => suiteOf(id).keyExchange === 'ECDHE_ECDSA');
  return enumerate(
    NAMED_GROUPS.map(({ id }) => id),
    choose,
    { keepAccepted, found },
  );
}

/**
 * Groups of TLS 1.3: an offer without key shares makes the server name its choice in a HelloRetryRequest (RFC 8446
 * §4.2.8), in its own order and without a key exchange. A server that can't do that is asked group by group with a share.
 */
export async function enumerateShareGroups(interview: Interview, suites: readonly number[]): Promise<Enumeration> {
  const candidates = NAMED_GROUPS.filter(({ tls13 }) => tls13).map(({ id }) => id);
  const named = await enumerate(candidates, (groups) => chooseGroup(interview, suites, groups, []));
  if (named.chosen.length > 0) return named;
  const chosen: number[] = [];
  let ending = named.ending;
  for (const group of candidates) {
    const choice = await chooseGroup(interview, suites, [group], [group]);
    if (choice.chosen === group) chosen.push(group);
    else if (choice.chosen === null) ending = choice.answer;
  }
  return { chosen, ending, unoffered: null };
}

async function chooseGroup(
  interview: Interview,
  suites: readonly number[],
  groups: readonly number[],
  shares: readonly number[],
): Promise<Choice> {
  const answer = await interview.ask({ version: 'TLS 1.3', suites, groups, shares });
  if (answer.kind !== 'hello') return { chosen: null, answer };
  const { version, group } = answer.flight.hello;
  return version === VERSION_CODE['TLS 1.3'] && group !== null ? { chosen: group } : { chosen: null, answer };
}
