import { sha256 } from '../hashing/digest.js';
import type { Answer } from './answer.js';
import { suiteName } from './cipher-suite.js';
import type { FinishedHandshake } from './complete-handshake.js';
import type { Answered, Greeting } from './greeting.js';
import { finiteField, groupName } from './named-group.js';
import { noTls } from './no-tls.js';
import { VERSION_CODE, versionName } from './protocol-version.js';
import type { ServerFlight } from './server-flight.js';
import type { KeyExchange } from './server-key-exchange.js';
import { schemeName } from './signature-scheme.js';

/** Of a handshake of Node's own. */
export function greetingOver13({ version, suite, group, chain: [leaf] }: FinishedHandshake): Answered {
  return {
    state: 'answered',
    version,
    suite,
    group,
    signatureScheme: null,
    certificateFingerprint: leaf === undefined ? null : sha256(leaf),
    clientCertificate: 'not-visible',
    servesNewer: null,
  };
}

/** Of the answer to a raw hello. */
export function greetingOf(answer: Answer): Greeting {
  return answer.kind === 'hello' ? greetingOfFlight(answer.flight) : noTls([answer]);
}

function greetingOfFlight({ hello, chain: [leaf], keyExchange, certificateRequested, done }: ServerFlight): Greeting {
  // half a flight is half a truth
  if (!done) return { state: 'refused', reason: 'its answer ends too early' };
  const is13 = hello.version === VERSION_CODE['TLS 1.3'];
  return {
    state: 'answered',
    version: versionName(hello.version),
    suite: suiteName(hello.suite),
    group: is13 && hello.group !== null ? groupName(hello.group) : groupOf(keyExchange),
    signatureScheme: typeof keyExchange?.scheme === 'number' ? schemeName(keyExchange.scheme) : null,
    certificateFingerprint: leaf === undefined ? null : sha256(leaf),
    clientCertificate: is13 ? 'not-visible' : certificateRequested ? 'requested' : 'not-requested',
    servesNewer: is13 ? null : hello.couldDoNewer,
  };
}

function groupOf(keyExchange: KeyExchange | null): string | null {
  if (keyExchange === null) return null;
  const { group, primeBits } = keyExchange;
  if (group !== null) return groupName(group);
  return primeBits === null ? null : finiteField(primeBits);
}
