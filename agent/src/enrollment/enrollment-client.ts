import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { isDigest } from '@sealwatch/shared/hashing/digest.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { VERSION } from '@sealwatch/shared/runtime/version.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import type { ReleaseBundle } from '@sealwatch/shared/trust/open-release.js';
import { channelOptions, clientCredentials } from '@sealwatch/shared/wire/channel.js';
import { fromEnvelope, toEnvelope } from '@sealwatch/shared/wire/envelope-wire.js';
import type { EnrollResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/EnrollResponse.js';
import type { EnrollmentServiceClient } from '@sealwatch/shared/wire/generated/sealwatch/v1/EnrollmentService.js';
import type { Head as WireHead } from '@sealwatch/shared/wire/generated/sealwatch/v1/Head.js';
import type { RenewResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/RenewResponse.js';
import { fromStatus } from '@sealwatch/shared/wire/grpc-status.js';
import type { SealwatchProtos } from '@sealwatch/shared/wire/load-protos.js';
import { toReleaseBundle } from '@sealwatch/shared/wire/release-wire.js';

/** What the collector answers, in our words; nothing of it has been verified. */
export interface EnrollmentAnswer {
  readonly host: string;
  readonly epoch: number;
  /** DER, leaf first, then the issuing CA. */
  readonly signingChain: readonly Buffer[];
  readonly tlsChain: readonly Buffer[];
  readonly inception: Envelope;
  /** Null if nothing has been deployed yet. */
  readonly release: ReleaseBundle | null;
  readonly previousHead: Head | null;
}

export interface RenewalAnswer {
  /** Empty if it was not asked for. */
  readonly signingChain: readonly Buffer[];
  readonly tlsChain: readonly Buffer[];
}

/** The enrolment listener. @throws CodedError: what the collector refused with, or 'collector.unreachable' */
export interface EnrollmentClient {
  enroll(request: { token: string; signingCsr: Buffer; tlsCsr: Buffer }): Promise<EnrollmentAnswer>;
  renew(envelope: Envelope): Promise<RenewalAnswer>;
}

const DEADLINE_MS = 30_000;
const MAX_INCEPTION_BYTES = 16_384;

/** One connection per call: they are days apart. */
export function grpcEnrollmentClient(deps: {
  protos: SealwatchProtos;
  /** `host:port` */
  enrollAddress: string;
  /** PEM. */
  root: string;
  clusterId: string;
}): EnrollmentClient {
  const { protos, enrollAddress, root, clusterId } = deps;
  const calling = async <T>(call: (client: EnrollmentServiceClient) => Promise<T>): Promise<T> => {
    const credentials = clientCredentials({ root, clusterId });
    const client = new protos.EnrollmentService(enrollAddress, credentials, channelOptions());
    try {
      return await call(client);
    } finally {
      client.close();
    }
  };
  return {
    enroll: ({ token, signingCsr, tlsCsr }) =>
      calling(async (client) => {
        const request = { token, signingCsr, tlsCsr, agentVersion: VERSION };
        const answer = await unary<EnrollResponse>((callback) =>
          client.enroll(request, { deadline: deadline() }, callback),
        );
        const { host, epoch, signingChain, tlsChain, inception, update, previousHead } = answer;
        return {
          host,
          epoch,
          signingChain,
          tlsChain,
          inception: toEnvelope(inception, { what: 'the inception record', maxPayloadBytes: MAX_INCEPTION_BYTES }),
          release: update === null ? null : toReleaseBundle(update),
          previousHead: toHead(previousHead),
        };
      }),
    renew: (envelope) =>
      calling(async (client) => {
        const request = { envelope: fromEnvelope(envelope) };
        const { signingChain, tlsChain } = await unary<RenewResponse>((callback) =>
          client.renew(request, { deadline: deadline() }, callback),
        );
        return { signingChain, tlsChain };
      }),
  };
}

function unary<T>(start: (callback: (error: Error | null, answer?: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, answer) => {
      if (error !== null || answer === undefined) reject(fromStatus(error));
      else resolve(answer);
    });
  });
}

function deadline(): number {
  return Date.now() + DEADLINE_MS;
}

function toHead(wire: WireHead | null): Head | null {
  if (wire === null) return null;
  const { epoch, sequence, digest } = wire;
  if (isDigest(digest) && epoch > 0 && sequence > 0) return { epoch, sequence, digest };
  throw new CodedError('collector.protocol', 'the collector names an old head that is none');
}
