import { suiteId, suitesFor } from './cipher-suite.js';
import type { Offer } from './client-hello.js';
import type { Handshake } from './complete-handshake.js';
import type { Dial } from './dial.js';
import { mayBeTooLong } from './enumerate-suites.js';
import type { Greeting } from './greeting.js';
import { greetingOf, greetingOver13 } from './greeting-of.js';
import { DEFAULT_PROBE_LIMITS, Interview, type ProbeLimits } from './interview.js';
import { groupName, NAMED_GROUPS, P256 } from './named-group.js';
import type { ProtocolVersion } from './protocol-version.js';
import { schemeName, SIGNATURE_SCHEMES } from './signature-scheme.js';
import type { ServedVersion, TlsObservation } from './tls-observation.js';

/** `tls12`: a hello up to TLS 1.2. `tls13`: one of TLS 1.3. `handshake`: one of TLS 1.3 that is finished. */
export type GreetingManner = 'tls12' | 'tls13' | 'handshake';

export interface GreetOptions {
  /** One of `mannersOf` the observation. */
  readonly manner: GreetingManner;
  readonly dial: Dial;
  /** Shows the certificate of a service that speaks TLS 1.3 alone; null: then it stays unseen. */
  readonly handshake: Handshake | null;
  /** The last one in full: it decides how to ask, so greetings after the same observation can be compared. */
  readonly observation: TlsObservation;
  readonly serverName: string | undefined;
  readonly limits?: Partial<ProbeLimits>;
  /** Milliseconds that only go forward. */
  readonly monotonic: () => number;
  readonly signal?: AbortSignal | undefined;
}

export interface GreetingResult {
  readonly greeting: Greeting;
  readonly connections: number;
}

const GREETING_LIMITS: ProbeLimits = { ...DEFAULT_PROBE_LIMITS, totalMs: 10_000, maxConnections: 4 };

/**
 * How a service is to be greeted, in turns: no one hello shows its certificate and its choices in TLS 1.3. Up to TLS 1.2 a
 * server shows its certificate without a handshake, so it is finished only where nothing older is served.
 */
export function mannersOf(observation: TlsObservation): readonly [GreetingManner, ...GreetingManner[]] {
  if (observation.state !== 'served') return ['tls12'];
  const is13 = observation.versions.some(({ version }) => version === 'TLS 1.3');
  if (!is13) return ['tls12'];
  return [observation.versions.some(isOld) ? 'tls12' : 'handshake', 'tls13'];
}

/**
 * One hello to a service that is known already: still there, same certificate, same choice? Take one right after a full
 * probe, then compare with those of the same manner (`sameGreeting`); what changed is for the next full probe to find
 * out. One connection; a second one only if the first is reset, refused over its length, or no handshake could be
 * finished. Every outcome is a value.
 */
export async function greet(options: GreetOptions): Promise<GreetingResult> {
  const { manner, dial, observation, serverName, monotonic, signal } = options;
  const limits = { ...GREETING_LIMITS, ...options.limits };
  const interview = new Interview({ dial, limits, serverName, monotonic, signal });
  const greeting = await greetIn(manner, interview, options, observation);
  return { greeting, connections: interview.connections };
}

function greetIn(
  manner: GreetingManner,
  interview: Interview,
  options: GreetOptions,
  observation: TlsObservation,
): Promise<Greeting> {
  switch (manner) {
    case 'tls12':
      return greetUpTo12(interview, observation);
    case 'tls13':
      return greetIn13(interview, observation);
    case 'handshake':
      return finishHandshake(interview, options);
  }
}

/** The answer even says whether the server could do TLS 1.3 (RFC 8446 §4.1.3). */
async function greetUpTo12(interview: Interview, observation: TlsObservation): Promise<Greeting> {
  const wide = await interview.ask(wideOffer(observation), 'done');
  const known = observation.state === 'served' ? observation.versions.find(isOld) : undefined;
  if (wide.kind === 'hello' || known === undefined || !mayBeTooLong(wide)) return greetingOf(wide);
  const { version } = known;
  return greetingOf(await interview.ask({ version, suites: idsOf(known.suites) }, 'done'));
}

function isOld({ version }: ServedVersion): boolean {
  return version !== 'TLS 1.3';
}

/**
 * Everything, and what was not accepted before what was: a server that follows its client takes the first new thing it
 * is offered, so one hello shows that there is one.
 */
function wideOffer(observation: TlsObservation): Offer {
  const version: ProtocolVersion = 'TLS 1.2';
  if (observation.state !== 'served') return { version, suites: suitesFor(version) };
  const { versions, groups, signatureSchemes } = observation;
  const suites = idsOf(versions.find(isOld)?.suites ?? []);
  return {
    version,
    suites: newFirst(suitesFor(version), (id) => suites.includes(id)),
    groups: newFirst(ALL_GROUPS, (id) => groups.tls12.includes(groupName(id))),
    signatureSchemes: newFirst(ALL_SCHEMES, (id) => signatureSchemes.tls12.includes(schemeName(id))),
  };
}

/** Without a key share, so that the server names its group (RFC 8446 §4.1.4). */
async function greetIn13(interview: Interview, observation: TlsObservation): Promise<Greeting> {
  const version: ProtocolVersion = 'TLS 1.3';
  if (observation.state !== 'served') return greetingOf(await interview.ask({ version, suites: suitesFor(version) }));
  const { versions, groups, signatureSchemes } = observation;
  const suites = idsOf(versions.find((served) => !isOld(served))?.suites ?? []);
  const offer: Offer = {
    version,
    suites: newFirst(suitesFor(version), (id) => suites.includes(id)),
    groups: newFirst(TLS13_GROUPS, (id) => groups.tls13.includes(groupName(id))),
    signatureSchemes: newFirst(ALL_SCHEMES, (id) => signatureSchemes.tls13.includes(schemeName(id))),
  };
  return greetingOf(await interview.ask(offer));
}

const ALL_GROUPS = NAMED_GROUPS.map(({ id }) => id);
const TLS13_GROUPS = NAMED_GROUPS.filter(({ tls13 }) => tls13).map(({ id }) => id);
const ALL_SCHEMES = SIGNATURE_SCHEMES.map(({ id }) => id);

function newFirst(all: readonly number[], isKnown: (id: number) => boolean): number[] {
  return [...all.filter((id) => !isKnown(id)), ...all.filter(isKnown)];
}

function idsOf(names: readonly string[]): number[] {
  return names.map(suiteId).filter((id) => id !== undefined);
}

async function finishHandshake(interview: Interview, options: GreetOptions): Promise<Greeting> {
  const { handshake, serverName, signal } = options;
  if (handshake !== null) {
    const finished = await interview.connect(
      (timeoutMs) => handshake({ serverName, authorities: [], timeoutMs, signal, alpn: [] }),
      () => null,
    );
    if (finished !== null) return greetingOver13(finished);
  }
  return greetingOf(await interview.ask({ version: 'TLS 1.3', suites: suitesFor('TLS 1.3'), shares: [P256] }));
}
