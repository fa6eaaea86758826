import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { toEnvelope, fromEnvelope } from '@sealwatch/shared/wire/envelope-wire.js';
import type { EnrollmentServiceHandlers } from '@sealwatch/shared/wire/generated/sealwatch/v1/EnrollmentService.js';
import { fromHead } from '@sealwatch/shared/wire/head-wire.js';
import { fromReleaseBundle } from '@sealwatch/shared/wire/release-wire.js';
import type { ReleaseService } from '../compliance/release-service.js';
import { enrollHost } from '../enrollment/enroll-host.js';
import type { IssuingAuthority } from '../enrollment/issue-host-certificates.js';
import { MAX_RENEWAL_BYTES, renewHost } from '../enrollment/renew-host.js';
import type { EnrollmentStore } from '../store/enrollment-store.js';
import type { ReportWriter } from '../store/report-store.js';
import type { IdentifyPeer } from './peer-identity.js';
import type { RateLimit } from '@sealwatch/shared/runtime/rate-limit.js';
import { unaryCall } from './serve-call.js';

export interface EnrollmentHandlerDependencies {
  readonly enrollment: EnrollmentStore;
  readonly reports: Pick<ReportWriter, 'recordAlarm'>;
  readonly releases: ReleaseService;
  readonly authority: IssuingAuthority;
  /** Everybody together: callers here are strangers, and a whole cluster can share one address. */
  readonly enrollments: RateLimit;
  /** Alarms about tokens that are not ours. */
  readonly strangerAlarms: RateLimit;
  readonly clock: IdentifyPeer['clock'];
  readonly log: Logger;
}

/** EnrollmentService: the only methods for callers without a certificate. */
export function enrollmentHandlers(
  deps: EnrollmentHandlerDependencies,
): Pick<EnrollmentServiceHandlers, 'Enroll' | 'Renew'> {
  const { enrollment, reports, releases, authority, clock, log } = deps;
  const { inception, envelope: inceptionEnvelope } = releases.inception;
  const admit = (): void => {
    if (deps.enrollments.take('')) return;
    throw new CodedError('limit.exceeded', 'too many enrolments at once; try again in a few seconds');
  };
  return {
    Enroll: unaryCall('Enroll', log, async ({ request }) => {
      admit();
      const { token, signingCsr, tlsCsr } = request;
      const enrolled = await enrollHost(
        { token, signingCsr, tlsCsr },
        {
          inception,
          authority,
          enrollment,
          alarms: reports,
          clock,
          mayAlarm: () => deps.strangerAlarms.take(''),
          release: () => releases.current()?.release,
        },
      );
      log.info({ host: enrolled.host, epoch: enrolled.epoch }, 'host enrolled');
      const current = releases.current();
      return {
        host: enrolled.host,
        epoch: enrolled.epoch,
        signingChain: [...enrolled.signingChain],
        tlsChain: [...enrolled.tlsChain],
        inception: fromEnvelope(inceptionEnvelope),
        update: current === undefined ? null : fromReleaseBundle(current.bundle),
        previousHead: fromHead(enrolled.previousHead),
      };
    }),
    Renew: unaryCall('Renew', log, async ({ request }) => {
      admit();
      const envelope = toEnvelope(request.envelope, { what: 'the renewal', maxPayloadBytes: MAX_RENEWAL_BYTES });
      const renewed = await renewHost(envelope, {
        clusterId: inception.clusterId,
        authority,
        store: enrollment,
        clock,
      });
      return { signingChain: [...renewed.signingChain], tlsChain: [...renewed.tlsChain] };
    }),
  };
}
