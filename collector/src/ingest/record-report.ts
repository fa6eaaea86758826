import { evaluate } from '@sealwatch/shared/appraisal/evaluate.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import type { MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import { carriedForMs, type Head, type Report } from '@sealwatch/shared/statement/report.js';
import type { HostAspect } from '@sealwatch/shared/subject/subject.js';
import { compareFindings } from '../compliance/compare-findings.js';
import { isFreshHostTime } from '../compliance/host-state.js';
import { NO_POLICY } from '../compliance/no-policy.js';
import { unprovenSince } from '../compliance/unproven-since.js';
import type { IngestDependencies } from './ingest-dependencies.js';
import { placeInChain } from './place-in-chain.js';

interface Arrival {
  readonly envelope: Envelope;
  readonly digest: Digest;
  readonly report: Report;
  readonly measurements: readonly Measurement[];
  readonly bodies: readonly MeasurementBody[];
}

/**
 * Guards the chain, judges, remembers, then changes the posture: nothing is believed that is not committed.
 * @throws CodedError('chain.fork' | 'report.rejected' | 'store.*')
 */
export async function recordArrivedReport(
  arrival: Arrival,
  deps: IngestDependencies,
): Promise<'recorded' | 'duplicate'> {
  const { report, digest, envelope, measurements, bodies } = arrival;
  const { store, board, clock } = deps;
  const { host, epoch, sequence } = report;
  const head: Head = { epoch, sequence, digest };
  // the board holds what was committed; the store refuses a second report at one place all the same
  const place = placeInChain(report, board.state(host).evidence?.head);
  if (place.kind === 'past') return past(head, host, deps);
  if (place.kind === 'fork') {
    throw new CodedError(
      'chain.fork',
      `report ${String(sequence)} continues ${report.previous ?? 'nothing'}, the chain here ends with ${place.expected ?? 'nothing'}`,
    );
  }
  const release = await deps.releases.byDigest(report.release.digest);
  const role = release?.release.hosts.find(({ name }) => name === host)?.role;
  const context = release &&
    role && { inception: board.inception.inception, release: release.release, manifests: release.manifests, role };
  const reportFindings = compareFindings(report, measurements, context);
  const receivedAt = clock.wall();
  const authorities = authoritiesIn(measurements);
  const findings = [...report.findings, ...reportFindings];
  const policy = (release ?? board.release)?.release.policy ?? NO_POLICY;
  const outcome = await store.recordReport({
    host,
    head,
    envelope,
    signedAt: report.at,
    receivedAt: timestamp(receivedAt),
    verdict: evaluate(findings, policy).verdict,
    findings,
    bodies,
    authorities,
    gapFrom: place.kind === 'gap' ? place.from : null,
    unprovenSince: unprovenSince(board.state(host), report, policy),
    isFolded: report.folded !== null,
  });
  if (place.kind === 'gap') {
    const message = `reports ${String(place.from)} to ${String(sequence - 1)} of epoch ${String(epoch)} never came`;
    await store.recordAlarm({ at: timestamp(receivedAt), host, code: 'chain.gap', message, envelope: null });
  }
  const state = board.state(host);
  for (const seen of authorities) {
    if (!state.authorities.some(({ aspect, digest: known }) => aspect === seen.aspect && known === seen.digest))
      state.authorities.push(seen);
  }
  const signedAt = wallTime(report.at);
  state.evidence = {
    head,
    report,
    measurements,
    reportFindings,
    signedAt,
    freshAt: isFreshHostTime(signedAt, receivedAt) ? clock.monotonic() - carriedForMs(report) : null,
  };
  board.rejudge(host);
  // a challenge asks for the whole host
  if (report.nonce !== null && report.carriedFrom === undefined) deps.challenges.answered(host, report.nonce);
  return outcome;
}

async function past(head: Head, host: string, { store }: IngestDependencies): Promise<'duplicate'> {
  const stored = await store.digestAt(host, head.epoch, head.sequence);
  if (stored === head.digest) return 'duplicate';
  if (stored === undefined)
    throw new CodedError(
      'report.rejected',
      `report ${String(head.sequence)} came after later ones; its place is recorded as a gap`,
    );
  throw new CodedError(
    'chain.fork',
    `report ${String(head.sequence)} was recorded as ${stored}; now ${head.digest} claims its place`,
  );
}

function authoritiesIn(measurements: readonly Measurement[]): { aspect: HostAspect; digest: Digest }[] {
  return measurements.flatMap(({ subject, observed }) =>
    subject.kind === 'host' && observed.state === 'authority'
      ? [{ aspect: subject.aspect, digest: observed.digest }]
      : [],
  );
}
