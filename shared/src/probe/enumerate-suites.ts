import { ALERT } from './alert.js';
import type { Answer } from './answer.js';
import { suitesFor } from './cipher-suite.js';
import { type Choice, enumerate, type Enumeration } from './enumerate.js';
import type { Interview } from './interview.js';
import { P256 } from './named-group.js';
import { type ProtocolVersion, VERSION_CODE } from './protocol-version.js';

/** Some servers take no ClientHello over 512 bytes, others no more than so many suites: a piece is far below both. */
const PIECE = 48;

/**
 * The suites a server accepts in one version, in its order: all are offered, the chosen one is taken away, and so on. If
 * nothing is accepted and the refusal does not say that it is about suites or the version, the offer may have been too
 * long for the server: then piece by piece, and what was found once more for its order.
 */
export async function enumerateSuites(interview: Interview, version: ProtocolVersion): Promise<Enumeration> {
  const candidates = suitesFor(version);
  const choose = (offered: readonly number[]): Promise<Choice> => chooseSuite(interview, version, offered);
  const whole = await enumerate(candidates, choose);
  if (whole.chosen.length > 0 || whole.ending === null || candidates.length <= PIECE) return whole;
  if (!mayBeTooLong(whole.ending)) return whole;
  const found: number[] = [];
  let last = whole;
  for (let start = 0; start < candidates.length; start += PIECE) {
    last = await enumerate(candidates.slice(start, start + PIECE), choose);
    found.push(...last.chosen);
    // a server that keeps silent is not asked eight times more
    if (last.ending !== null && last.chosen.length === 0 && !mayBeSaid(last.ending)) break;
  }
  if (found.length <= 1) return { ...last, chosen: found };
  const ordered = await enumerate(found.slice(0, PIECE), choose);
  const unordered = found.filter((id) => !ordered.chosen.includes(id));
  return { ...last, chosen: [...ordered.chosen, ...unordered] };
}

export async function chooseSuite(
  interview: Interview,
  version: ProtocolVersion,
  offered: readonly number[],
): Promise<Choice> {
  const shares = version === 'TLS 1.3' ? [P256] : [];
  const answer = await interview.ask({ version, suites: offered, shares });
  if (answer.kind !== 'hello') return { chosen: null, answer };
  const { hello } = answer.flight;
  // an older version instead of this one is a no to this one
  return hello.version === VERSION_CODE[version] ? { chosen: hello.suite } : { chosen: null, answer };
}

const CLEAR_REFUSALS: readonly number[] = [
  ALERT.handshakeFailure,
  ALERT.protocolVersion,
  ALERT.insufficientSecurity,
  ALERT.inappropriateFallback,
];

/** A refusal that need not be about suites or the version. */
export function mayBeTooLong(answer: Answer): boolean {
  if (answer.kind === 'alert') return !CLEAR_REFUSALS.includes(answer.description);
  return answer.kind === 'closed' || answer.kind === 'reset' || answer.kind === 'timeout';
}

function mayBeSaid({ kind }: Answer): boolean {
  return kind === 'alert' || kind === 'closed' || kind === 'reset' || kind === 'hello';
}
