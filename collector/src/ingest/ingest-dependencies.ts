import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import type { Challenges } from '../compliance/challenges.js';
import type { PostureBoard } from '../compliance/posture-board.js';
import type { ReleaseKeeper } from '../compliance/release-keeper.js';
import type { EnrollmentStore } from '../store/enrollment-store.js';
import type { ReportStore } from '../store/report-store.js';
import type { MeasurementCache } from './measurement-cache.js';
import type { StreamRegistry } from './stream-registry.js';

/** What taking in evidence works with. */
export interface IngestDependencies {
  readonly store: ReportStore & Pick<EnrollmentStore, 'certificateByKeyid'>;
  readonly board: PostureBoard;
  readonly releases: ReleaseKeeper;
  readonly challenges: Challenges;
  readonly registry: StreamRegistry;
  readonly cache: MeasurementCache;
  readonly clock: Clock;
  readonly log: Logger;
}
