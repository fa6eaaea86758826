import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { decodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import type { EnrollmentStore } from '../store/enrollment-store.js';
import type { ReportReader, StoredHostState } from '../store/report-store.js';
import { compareFindings } from './compare-findings.js';
import { isFreshHostTime } from './host-state.js';
import type { PostureBoard } from './posture-board.js';
import type { ReleaseKeeper } from './release-keeper.js';
import { openStoredEvidence } from './stored-evidence.js';
import { type FindStoredSigner, type SignerTrust, storedSigners } from './stored-signers.js';

interface Dependencies {
  readonly board: PostureBoard;
  readonly releases: ReleaseKeeper;
  readonly store: EnrollmentStore & ReportReader;
  readonly trust: SignerTrust;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Brings back what was known before a restart: enrolments, the newest evidence of each host and when it came. Failures
 * come back with it. If our clock stands below the latest time ever recorded it was set back, and no stored time
 * counts: every host is unknown until heard again.
 * The release in force must have been loaded.
 */
export async function loadBoard(deps: Dependencies): Promise<void> {
  const { board, releases, store, clock } = deps;
  for (const { name, epoch, revokedAt } of await store.hosts()) {
    const state = board.state(name);
    state.enrollment = { epoch, revoked: revokedAt !== null };
    state.authorities = (await store.authorities(name)).map(({ aspect, digest }) => ({ aspect, digest }));
  }
  const highWater = await store.highWater();
  const clockIsSetBack = highWater !== undefined && clock.wall() < wallTime(highWater);
  const findSigner = storedSigners(store, deps.trust);
  for (const stored of await store.hostStates()) {
    await loadEvidence(stored, clockIsSetBack, { ...deps, findSigner });
  }
  const release = releases.current();
  board.quietly(() => {
    if (release === undefined) board.rejudgeAll();
    else board.setRelease(release);
  });
}

async function loadEvidence(
  stored: StoredHostState,
  clockIsSetBack: boolean,
  { board, releases, store, findSigner, clock, log }: Dependencies & { readonly findSigner: FindStoredSigner },
): Promise<void> {
  const { host, head } = stored;
  const { report, signedAt, carriedMs, proven } = await openStoredEvidence(stored, findSigner);
  if (!proven) log.warn({ host, sequence: head.sequence }, 'stored evidence is of no signer we know; it is not fresh');
  const bodies = await store.bodies(report.subjects.map(({ measurement }) => measurement));
  const measurements = report.subjects.map(({ measurement }) => {
    const body = bodies.get(measurement);
    if (body === undefined || sha256(body) !== measurement) {
      throw new CodedError(
        'store.corrupt',
        `measurement ${measurement} of ${host} is missing or changed; restore a backup`,
      );
    }
    return decodeMeasurement(body);
  });
  const state = board.state(host);
  const release = await releases.byDigest(report.release.digest);
  const role = release?.release.hosts.find(({ name }) => name === host)?.role;
  const context = release &&
    role && { inception: board.inception.inception, release: release.release, manifests: release.manifests, role };
  const receivedAt = wallTime(stored.lastReceivedAt);
  const ago = clock.wall() - receivedAt;
  const counts = !clockIsSetBack && ago >= 0;
  const onOurClock = clock.monotonic() - ago;
  state.evidence = {
    head,
    report,
    measurements,
    reportFindings: compareFindings(report, measurements, context),
    signedAt,
    freshAt: proven && counts && isFreshHostTime(signedAt, receivedAt) ? onOurClock - carriedMs : null,
  };
  state.heardAt = counts ? onOurClock : null;
  state.heardAtWall = counts ? receivedAt : null;
}
