import type { TLSSocket } from 'node:tls';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { parseIdentityUri } from '@sealwatch/shared/trust/identity.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import { MAX_ATTEST_REQUEST_BYTES, MAX_MESSAGE_BYTES } from '@sealwatch/shared/wire/wire-limits.js';
import { readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import type { ComplianceService } from '../compliance/compliance-service.js';
import type { ReleaseService } from '../compliance/release-service.js';
import type { HostPort } from '@sealwatch/shared/runtime/host-port.js';
import type { IssuingAuthority } from '../enrollment/issue-host-certificates.js';
import type { AttestService } from '../ingest/attest-peer.js';
import type { EnrollmentStore } from '../store/enrollment-store.js';
import type { ReportStore } from '../store/report-store.js';
import { AttestHandler } from './attest-handler.js';
import { callGate } from './call-gate.js';
import { ConnectionsPerIdentity } from './connections-per-identity.js';
import type { DoorLimits } from './door-limits.js';
import { enrollmentHandlers } from './enrollment-handler.js';
import { grpcServer } from './grpc-server.js';
import { queryHandlers } from './query-handler.js';
import { RateLimit } from '@sealwatch/shared/runtime/rate-limit.js';
import { type ServerIdentity, TlsListener } from './tls-listener.js';

export interface DoorDependencies {
  /** For hosts and operators: mutual TLS. */
  readonly listen: HostPort;
  /** For enrolling: the server alone is authenticated. */
  readonly enrollListen: HostPort;
  readonly identity: ServerIdentity;
  /** PEM. */
  readonly root: string;
  readonly authority: IssuingAuthority;
  readonly enrollment: EnrollmentStore;
  readonly reports: ReportStore;
  readonly releases: ReleaseService;
  readonly compliance: ComplianceService;
  readonly attest: AttestService;
  readonly limits: DoorLimits;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The collector's two ports, open. */
export interface Doors {
  readonly address: HostPort;
  readonly enrollAddress: HostPort;
  setIdentity(identity: ServerIdentity): void;
  /** Streams are told to come back later, calls under way get a moment, then everything is cut. */
  close(): Promise<void>;
}

const GRACE_MS = 2_000;

/**
 * Behind the mutual-TLS port stand two gRPC servers, and the certificate decides which one a connection gets: what a
 * host may send at once is a sixteenth of what an operator may, and gRPC's limit is per server.
 * @throws CodedError('address.in-use' | 'config.invalid')
 */
export async function openDoors(deps: DoorDependencies): Promise<Doors> {
  const { limits, log, clock, enrollment, releases, attest } = deps;
  const monotonic = (): number => clock.monotonic();
  const { clusterId } = releases.inception.inception;
  const calls = new RateLimit({ rate: limits.calls, monotonic });
  const gate = callGate({ clusterId, store: enrollment, clock, calls });
  const protos = loadProtos();
  const hosts = grpcServer({
    maxReceiveBytes: MAX_ATTEST_REQUEST_BYTES,
    maxSendBytes: MAX_MESSAGE_BYTES,
    maxStreamsPerConnection: 8,
    idleMs: 120_000,
  });
  const operators = grpcServer({
    maxReceiveBytes: MAX_MESSAGE_BYTES,
    maxSendBytes: MAX_MESSAGE_BYTES,
    maxStreamsPerConnection: 100,
    idleMs: 300_000,
  });
  const strangers = grpcServer({
    maxReceiveBytes: 128 * 1024,
    maxSendBytes: MAX_MESSAGE_BYTES,
    maxStreamsPerConnection: 8,
    idleMs: 30_000,
    maxAgeMs: limits.enrollConnectionMs,
  });

  const attestHandler = new AttestHandler({
    service: attest,
    gate,
    messages: new RateLimit({ rate: limits.messages, monotonic }),
    bytes: new RateLimit({ rate: limits.bytes, monotonic }),
    helloTimeoutMs: limits.helloTimeoutMs,
    drop: (peer) => {
      mutual.drop(peer);
    },
    log,
  });
  const query = queryHandlers({ ...deps, gate });
  // both answer both services, so that whoever knocks at the wrong one is told why
  for (const { server } of [hosts, operators]) {
    server.addService(protos.AgentService.service, { Attest: attestHandler.handle });
    server.addService(protos.QueryService.service, query);
  }
  strangers.server.addService(
    protos.EnrollmentService.service,
    enrollmentHandlers({
      ...deps,
      enrollments: new RateLimit({ rate: limits.enrollments, monotonic }),
      strangerAlarms: new RateLimit({ rate: limits.strangerAlarms, monotonic }),
    }),
  );

  const connections = new ConnectionsPerIdentity();
  const mutual = await TlsListener.listen({
    address: deps.listen,
    identity: deps.identity,
    clientRoot: deps.root,
    limits,
    onConnection: (socket) => {
      const { kind, name } = identityOf(socket);
      const server = kind === 'operator' ? operators : hosts;
      const most = kind === 'operator' ? limits.maxOperatorConnections : limits.maxHostConnections;
      if (connections.admit(socket, `${kind}/${name}`, most)) {
        server.accept(socket);
        return;
      }
      log.info({ kind, name }, 'connection refused: too many of this identity are open');
      socket.destroy();
    },
    log,
  });
  const enrolling = await listenOrClose(mutual, {
    address: deps.enrollListen,
    identity: deps.identity,
    clientRoot: null,
    limits: { ...limits, maxConnections: limits.maxEnrollConnections },
    onConnection: (socket) => {
      strangers.accept(socket);
    },
    log,
  });

  return {
    address: mutual.address,
    enrollAddress: enrolling.address,
    setIdentity: (identity) => {
      mutual.setIdentity(identity);
      enrolling.setIdentity(identity);
    },
    close: async () => {
      attestHandler.endAll();
      for (const server of [hosts, operators, strangers]) server.stop();
      await Promise.all([mutual.close(GRACE_MS), enrolling.close(GRACE_MS)]);
    },
  };
}

/** Only sorts and counts connections by their limits; who may do what is asked for every call. */
function identityOf(socket: TLSSocket): { kind: 'host' | 'operator'; name: string } {
  try {
    const { uris } = readCertificate(socket.getPeerCertificate().raw, 'the client certificate');
    const identity = parseIdentityUri(uris[0] ?? '');
    return { kind: identity?.kind === 'operator' ? 'operator' : 'host', name: identity?.name ?? '' };
  } catch (error) {
    if (isCoded(error, 'certificate.malformed')) return { kind: 'host', name: '' };
    throw error;
  }
}

async function listenOrClose(
  other: TlsListener,
  options: Parameters<typeof TlsListener.listen>[0],
): Promise<TlsListener> {
  try {
    return await TlsListener.listen(options);
  } catch (error) {
    await other.close(0);
    throw error;
  }
}
