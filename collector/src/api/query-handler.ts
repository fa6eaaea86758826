import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import type { QueryServiceHandlers } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import type { ComplianceService } from '../compliance/compliance-service.js';
import type { ReleaseService } from '../compliance/release-service.js';
import type { AttestService } from '../ingest/attest-peer.js';
import type { EnrollmentStore } from '../store/enrollment-store.js';
import type { ReportReader } from '../store/report-store.js';
import type { QueryMethod } from './authorize.js';
import type { CallGate } from './call-gate.js';
import { queryGate } from './query-call.js';
import { checkHandler } from './query-check.js';
import { enrollmentQueryHandlers } from './query-enrollment.js';
import { postureHandlers } from './query-posture.js';
import { recordHandlers } from './query-record.js';
import { releaseHandlers } from './query-release.js';
import { serviceHistoryHandler } from './query-service-history.js';
import { watchHandler } from './query-watch.js';

/** QueryService, method by method; the type refuses one that is missing. */
export function queryHandlers(deps: {
  gate: CallGate;
  enrollment: EnrollmentStore;
  reports: ReportReader;
  releases: ReleaseService;
  compliance: ComplianceService;
  attest: AttestService;
  clock: Clock;
  log: Logger;
}): Pick<QueryServiceHandlers, QueryMethod> {
  const guarded = { ...deps, gate: queryGate(deps) };
  return {
    ...checkHandler(guarded),
    ...watchHandler(guarded),
    ...postureHandlers(guarded),
    ...recordHandlers(guarded),
    ...serviceHistoryHandler(guarded),
    ...releaseHandlers(guarded),
    ...enrollmentQueryHandlers(guarded),
  };
}
