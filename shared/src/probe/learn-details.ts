import type { Answer } from './answer.js';
import type { Offer } from './client-hello.js';
import { suiteOf } from './cipher-suite.js';
import { answerText } from './enumerate.js';
import type { Interview } from './interview.js';
import type { ProtocolVersion } from './protocol-version.js';
import type { ServerFlight } from './server-flight.js';

/** What whole flights of a server up to TLS 1.2 show, one for each kind of key it may have. */
export interface Details {
  readonly flights: readonly ServerFlight[];
  /** Why a flight is missing or cut short. */
  readonly troubles: readonly string[];
}

const ALPN = ['h2', 'http/1.1'];

/** Which key a suite makes the server use: one certificate each. */
const KEY_KINDS: readonly RegExp[] = [/ECDSA/, /RSA/, /DSS/];

/** @param suites the accepted ones of the version */
export async function learnDetails(
  interview: Interview,
  version: ProtocolVersion,
  suites: readonly number[],
): Promise<Details> {
  const flights: ServerFlight[] = [];
  const troubles: string[] = [];
  const answers = await Promise.all(byKeyKind(suites).map((offered) => askForAll(interview, version, offered)));
  for (const answer of answers) {
    if (answer.kind === 'hello') flights.push(answer.flight);
    if (answer.kind !== 'hello' || !answer.flight.done) troubles.push(`${version} flight: ${flightTrouble(answer)}`);
  }
  return { flights, troubles };
}

function byKeyKind(suites: readonly number[]): number[][] {
  const kinds = new Map<number, number[]>();
  for (const id of suites) {
    const kind = KEY_KINDS.findIndex((pattern) => pattern.test(suiteOf(id).keyExchange ?? ''));
    kinds.set(kind, [...(kinds.get(kind) ?? []), id]);
  }
  return [...kinds.values()];
}

/** What is offered beyond the suites, and with what less a server is asked again that refuses over it. */
const EXTRAS: readonly Partial<Offer>[] = [{ alpn: ALPN, compression: true }, { compression: true }, {}];

async function askForAll(interview: Interview, version: ProtocolVersion, suites: readonly number[]): Promise<Answer> {
  let answer: Answer = { kind: 'closed' };
  for (const extras of EXTRAS) {
    answer = await interview.ask({ version, suites, ...extras }, 'done');
    if (answer.kind !== 'alert') break;
  }
  return answer;
}

function flightTrouble(answer: Answer): string {
  return answer.kind === 'hello' ? 'it ends before its ServerHelloDone' : answerText(answer);
}
