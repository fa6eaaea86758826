import type { Handshake } from './complete-handshake.js';
import { suiteName } from './cipher-suite.js';
import type { Dial } from './dial.js';
import { DEFAULT_PROBE_LIMITS, Interview, type ProbeLimits } from './interview.js';
import { type CertificateQuestion, learnCertificates } from './learn-certificates.js';
import { type Details, learnDetails } from './learn-details.js';
import { type FinishedHandshakes, learnHandshakes } from './learn-handshakes.js';
import { learnParameters, NO_PARAMETERS, type Parameters } from './learn-parameters.js';
import { type AcceptedVersion, askVersions, type VersionAnswer, type Versions, versionsOf } from './learn-versions.js';
import { PREFERENCE_METHOD } from './preference.js';
import { boundedObservation } from './bounded-observation.js';
import type { ServedTls, TlsObservation } from './tls-observation.js';

export interface ProbeOptions {
  readonly dial: Dial;
  /** The second pass; null: without one. */
  readonly handshake: Handshake | null;
  readonly certificates: CertificateQuestion;
  /** PEM of `certificates.authorities`, for the second pass. */
  readonly authorities: readonly string[];
  readonly serverName: string | undefined;
  readonly limits?: Partial<ProbeLimits>;
  /** Milliseconds that only go forward. */
  readonly monotonic: () => number;
  readonly signal?: AbortSignal | undefined;
}

export interface ProbeResult {
  readonly observation: TlsObservation;
  /** How many were opened, the second pass among them. */
  readonly connections: number;
}

/**
 * Finds out what a TLS service really accepts: raw ClientHellos, each on a connection of its own that is left after the
 * server's answer, then one handshake for the certificate. A server can do what it likes: every outcome is a value.
 */
export async function probeTls(options: ProbeOptions): Promise<ProbeResult> {
  const { dial, serverName, monotonic, signal } = options;
  const limits = { ...DEFAULT_PROBE_LIMITS, ...options.limits };
  const interview = new Interview({ dial, limits, serverName, monotonic, signal });
  // what follows from one version does not wait for the others
  const asked = await askVersions(interview);
  const tls13 = newestAccepted(asked.slice(0, 1));
  const upTo12 = newestAccepted(asked.slice(1));
  const over13 = tls13.then((accepted) => learnOver13(interview, accepted));
  const [answers, learnt13, learnt12, finished] = await Promise.all([
    Promise.all(asked),
    over13,
    upTo12.then((accepted) => learnUpTo12(interview, accepted)),
    Promise.all([tls13, over13, upTo12]).then(([newer, { signatureSchemes }, older]) =>
      newer === null && older === null ? NOT_FINISHED : learnHandshakes(interview, signatureSchemes, options),
    ),
  ]);
  const versions = versionsOf(answers);
  const observation =
    versions.state === 'served' ? servedTls(versions, learnt13, learnt12, finished, options) : versions;
  return { observation: boundedObservation(observation), connections: interview.connections };
}

const NO_DETAILS: Details = { flights: [], troubles: [] };
const NOT_FINISHED: FinishedHandshakes = { handshakes: [], troubles: [] };

async function newestAccepted(asked: readonly Promise<VersionAnswer>[]): Promise<AcceptedVersion | null> {
  for (const answer of asked) {
    const { accepted } = await answer;
    if (accepted !== null) return accepted;
  }
  return null;
}

async function learnOver13(interview: Interview, accepted: AcceptedVersion | null): Promise<Parameters> {
  return accepted === null ? NO_PARAMETERS : learnParameters(interview, accepted.version, accepted.suites);
}

async function learnUpTo12(
  interview: Interview,
  accepted: AcceptedVersion | null,
): Promise<{ readonly parameters: Parameters; readonly details: Details }> {
  if (accepted === null) return { parameters: NO_PARAMETERS, details: NO_DETAILS };
  const { version, suites } = accepted;
  const [parameters, details] = await Promise.all([
    learnParameters(interview, version, suites),
    learnDetails(interview, version, suites),
  ]);
  return { parameters, details };
}

function servedTls(
  { accepted, troubles }: Extract<Versions, { state: 'served' }>,
  over13: Parameters,
  upTo12: { readonly parameters: Parameters; readonly details: Details },
  finished: FinishedHandshakes,
  { certificates }: ProbeOptions,
): ServedTls {
  const { parameters, details } = upTo12;
  const { handshakes } = finished;
  const chains = details.flights.map(({ chain }) => chain);
  const preferred = preferredOf(accepted);
  return {
    state: 'served',
    versions: accepted.map(({ version, suites, preference }) => ({
      version,
      suites: suites.map(suiteName),
      preference,
    })),
    preferred,
    groups: { tls12: parameters.groups, tls13: over13.groups },
    dhPrimeBits: parameters.dhPrimeBits,
    signatureSchemes: { tls12: parameters.signatureSchemes, tls13: over13.signatureSchemes },
    ...handshakeFacts(details),
    alpn:
      details.flights.find(({ hello }) => hello.alpn !== null)?.hello.alpn ??
      handshakes.find(({ alpn }) => alpn !== null)?.alpn ??
      null,
    certificates: learnCertificates(chains, handshakes, certificates),
    unanswered: [...troubles, ...parameters.troubles, ...over13.troubles, ...details.troubles, ...finished.troubles],
  };
}

function preferredOf(accepted: readonly AcceptedVersion[]): ServedTls['preferred'] {
  const [{ version, suites, preference }] = accepted as readonly [AcceptedVersion, ...AcceptedVersion[]];
  return { version, suite: suiteName(suites[0] ?? 0), preference, method: PREFERENCE_METHOD };
}

type HandshakeFacts = Pick<
  ServedTls,
  'extendedMasterSecret' | 'secureRenegotiation' | 'compression' | 'clientCertificate'
>;

/** Good only if every flight is good. */
function handshakeFacts({ flights }: Details): HandshakeFacts {
  if (flights.length === 0) {
    return {
      extendedMasterSecret: null,
      secureRenegotiation: null,
      compression: null,
      clientCertificate: 'not-visible',
    };
  }
  return {
    extendedMasterSecret: flights.every(({ hello }) => hello.extendedMasterSecret),
    secureRenegotiation: flights.every(({ hello }) => hello.secureRenegotiation),
    compression: flights.some(({ hello }) => hello.compression !== 0),
    clientCertificate: flights.some((flight) => flight.certificateRequested) ? 'requested' : 'not-requested',
  };
}
