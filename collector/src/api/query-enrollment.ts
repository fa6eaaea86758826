import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { formatToken, MAX_TOKEN_TTL_MS, newToken, tokenHash } from '@sealwatch/shared/trust/enrollment-token.js';
import type { CreateTokenRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/CreateTokenRequest.js';
import type { CreateTokenResponseInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/CreateTokenResponse.js';
import type { QueryServiceHandlers } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import type { RevokeHostRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/RevokeHostRequest.js';
import type { RevokeHostResponseInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/RevokeHostResponse.js';
import type { ReleaseService } from '../compliance/release-service.js';
import type { AttestService } from '../ingest/attest-peer.js';
import type { EnrollmentStore } from '../store/enrollment-store.js';
import type { QueryGate } from './query-call.js';

/** CreateToken, RevokeHost: who may become a host, and who no longer is one. */
export function enrollmentQueryHandlers(deps: {
  gate: QueryGate;
  releases: Pick<ReleaseService, 'current' | 'inception'>;
  enrollment: Pick<EnrollmentStore, 'addToken' | 'hosts' | 'revokeHost'>;
  attest: Pick<AttestService, 'endStreamsOf'>;
  clock: Clock;
  log: Logger;
}): Pick<QueryServiceHandlers, 'CreateToken' | 'RevokeHost'> {
  const { gate, releases, enrollment, attest, clock, log } = deps;
  const { clusterId, clusterKey } = releases.inception.inception;
  return {
    CreateToken: gate.unary(
      'CreateToken',
      async (request: CreateTokenRequest, operator): Promise<CreateTokenResponseInput> => {
        const { host, replace } = request;
        const ttlMs = timeToLive(request.ttlSeconds);
        if (releases.current()?.release.hosts.some(({ name }) => name === host) !== true) {
          throw new CodedError(
            'host.undeclared',
            `${host} is not declared; add it to cluster.yaml and run: sealwatch deploy`,
          );
        }
        await refuseEnrolled(host, replace);
        const token = formatToken(newToken({ clusterId, host, rootKeyid: clusterKey }));
        const now = clock.wall();
        const expiresAt = timestamp(now + ttlMs);
        await enrollment.addToken({ hash: tokenHash(token), host, createdAt: timestamp(now), expiresAt, replace });
        log.info({ operator: operator.name, host, replace }, 'enrolment token created');
        return { token, expiresAt };
      },
    ),
    RevokeHost: gate.unary(
      'RevokeHost',
      async ({ host, reason }: RevokeHostRequest, operator): Promise<RevokeHostResponseInput> => {
        if (reason.length === 0 || reason.length > 500) {
          throw new CodedError('usage.invalid', 'a revocation needs a reason of 1 to 500 characters');
        }
        const certificates = await enrollment.revokeHost({
          host,
          at: timestamp(clock.wall()),
          reason,
          by: operator.name,
        });
        const streamEnded = attest.endStreamsOf(host);
        log.warn({ operator: operator.name, host, certificates }, 'host revoked');
        return { certificates, streamEnded };
      },
    ),
  };

  /** Said now, to the operator, rather than later to an agent. */
  async function refuseEnrolled(host: string, replace: boolean): Promise<void> {
    if (replace) return;
    const enrolled = (await enrollment.hosts()).find(({ name }) => name === host);
    if (enrolled === undefined || enrolled.revokedAt !== null) return;
    throw new CodedError(
      'host.already-enrolled',
      `${host} is enrolled since ${enrolled.enrolledAt}; add --replace to replace it`,
    );
  }
}

function timeToLive(seconds: number): number {
  if (seconds === 0) return MAX_TOKEN_TTL_MS;
  if (seconds * 1000 > MAX_TOKEN_TTL_MS) throw new CodedError('usage.invalid', 'a token lives for an hour at most');
  return seconds * 1000;
}
