import type { Answer } from './answer.js';
import { alertName } from './alert.js';

/** What a server took of an offer, or the answer that says it took nothing. */
export type Choice = { readonly chosen: number } | { readonly chosen: null; readonly answer: Answer };

export interface Enumeration {
  /** In the order the server chose them. */
  readonly chosen: readonly number[];
  /** The answer to the last offer; null if the server took all there was. */
  readonly ending: Answer | null;
  /** Chosen though it was not offered. */
  readonly unoffered: number | null;
}

/**
 * Offers what is left, takes away what was chosen, until nothing is accepted any more.
 * @param options.keepAccepted then once more with the accepted ones last: a server with an ECDSA certificate takes
 * another group only from a client that also knows its certificate's curve (RFC 8422 §5.1)
 * @param options.found chosen before, in that order: not asked again
 */
export async function enumerate(
  candidates: readonly number[],
  choose: (offered: readonly number[]) => Promise<Choice>,
  options: { keepAccepted?: boolean; found?: readonly number[] } = {},
): Promise<Enumeration> {
  const { found = [] } = options;
  const chosen = [...found];
  let left = candidates.filter((id) => !found.includes(id));
  let known: readonly number[] = [];
  while (left.length > 0) {
    const choice = await choose([...left, ...known]);
    if (choice.chosen === null) {
      const again = options.keepAccepted === true && known.length === 0 && chosen.length > 0;
      if (!again) return { chosen, ending: choice.answer, unoffered: null };
      known = [...chosen];
    } else if (left.includes(choice.chosen)) {
      const accepted = choice.chosen;
      chosen.push(accepted);
      left = left.filter((id) => id !== accepted);
      if (known.length > 0) known = [...chosen];
    } else if (known.includes(choice.chosen)) return { chosen, ending: null, unoffered: null };
    else return { chosen, ending: null, unoffered: choice.chosen };
  }
  return { chosen, ending: null, unoffered: null };
}

/** Why an enumeration may be incomplete; null if the server said no in one of the ways servers do. */
export function troubleOf({ ending, unoffered }: Enumeration): string | null {
  if (unoffered !== null) return 'it chose what was not offered';
  return ending === null ? null : answerTrouble(ending);
}

/** Null for an answer that is a plain no: an alert, another version, or a closed connection. */
function answerTrouble(answer: Answer): string | null {
  switch (answer.kind) {
    case 'hello':
    case 'alert':
    case 'closed':
    case 'reset':
      return null;
    default:
      return answerText(answer);
  }
}

export function answerText(answer: Answer): string {
  switch (answer.kind) {
    case 'hello':
      return 'a ServerHello';
    case 'alert':
      return `the alert ${alertName(answer.description)}`;
    case 'closed':
      return 'the connection was closed';
    case 'reset':
      return 'the connection was reset';
    case 'timeout':
      return 'no answer in time';
    case 'too-much':
      return 'more bytes than any handshake has';
    case 'not-tls':
    case 'unreachable':
    case 'stopped':
      return answer.reason;
  }
}
