import type { Handshake } from './complete-handshake.js';
import { suiteName } from './cipher-suite.js';
import type { Dial } from './dial.js';
import { DEFAULT_PROBE_LIMITS, Interview, type ProbeLimits } from './interview.js';
import { type CertificateQuestion, learnCertificates } from './learn-certificates.js';
import { type Details, learnDetails } from './learn-details.js';
import { learnParameters, NO_PARAMETERS } from './learn-parameters.js';
import { type AcceptedVersion, learnVersions } from './learn-versions.js';
import { PREFERENCE_METHOD } from './preference.js';
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
  const versions = await learnVersions(interview);
  const observation =
    versions.state === 'served' ? await learnRest(interview, versions.accepted, versions.troubles, options) : versions;
  return { observation, connections: interview.connections };
}

type Newest = readonly [AcceptedVersion, ...AcceptedVersion[]];

async function learnRest(
  interview: Interview,
  accepted: readonly AcceptedVersion[],
  troubles: readonly string[],
  options: ProbeOptions,
): Promise<ServedTls> {
  const [newest] = accepted as Newest;
  const tls13 = accepted.find(({ version }) => version === 'TLS 1.3');
  const tls12 = accepted.find(({ version }) => version !== 'TLS 1.3');
  const ask = async (entry: AcceptedVersion | undefined): Promise<typeof NO_PARAMETERS> =>
    entry === undefined ? NO_PARAMETERS : learnParameters(interview, entry.version, entry.suites);
  const parameters12 = await ask(tls12);
  const parameters13 = await ask(tls13);
  const details = tls12 === undefined ? NO_DETAILS : await learnDetails(interview, tls12.version, tls12.suites);
  const handshake = await secondPass(interview, options);
  const chains = details.flights.map(({ chain }) => chain);
  return {
    state: 'served',
    versions: accepted.map(({ version, suites, preference }) => ({
      version,
      suites: suites.map(suiteName),
      preference,
    })),
    preferred: {
      version: newest.version,
      suite: suiteName(newest.suites[0] ?? 0),
      preference: newest.preference,
      method: PREFERENCE_METHOD,
    },
    groups: { tls12: parameters12.groups, tls13: parameters13.groups },
    dhPrimeBits: parameters12.dhPrimeBits,
    signatureSchemes: { tls12: parameters12.signatureSchemes, tls13: parameters13.signatureSchemes },
    ...handshakeFacts(details),
    alpn: details.flights.find(({ hello }) => hello.alpn !== null)?.hello.alpn ?? handshake?.alpn ?? null,
    certificates: learnCertificates(chains, handshake, options.certificates),
    unanswered: [...troubles, ...parameters12.troubles, ...parameters13.troubles, ...details.troubles],
  };
}

const NO_DETAILS: Details = { flights: [], troubles: [] };

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

async function secondPass(interview: Interview, options: ProbeOptions): Promise<Awaited<ReturnType<Handshake>>> {
  const { handshake, serverName, authorities, limits, signal } = options;
  const timeoutMs = Math.min(limits?.timeoutMs ?? DEFAULT_PROBE_LIMITS.timeoutMs, interview.remainingMs);
  if (handshake === null || timeoutMs === 0) return null;
  interview.countConnection();
  return handshake({ serverName, authorities, timeoutMs, signal });
}
