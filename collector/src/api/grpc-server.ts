import type { TLSSocket } from 'node:tls';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';

/** A gRPC server that has no port: verified TLS sockets are handed to it. */
export interface GrpcServer {
  readonly server: Server;
  accept(socket: TLSSocket): void;
  /** Health turns to NOT_SERVING, sessions close once their calls have ended. The listener cuts those that stay. */
  stop(): void;
}

export interface GrpcServerLimits {
  readonly maxReceiveBytes: number;
  readonly maxSendBytes: number;
  readonly maxStreamsPerConnection: number;
  /** Connections without a call are closed after this. */
  readonly idleMs: number;
  /** No connection lasts longer; absent: as long as it likes. */
  readonly maxAgeMs?: number;
}

/** How long calls under way have when their connection has grown too old. */
const AGE_GRACE_MS = 1_000;

/** Megabytes that one HTTP/2 session may buffer; grpc-js would switch Node's own limit off. */
const MAX_SESSION_MEMORY_MB = 32;

/** With grpc.health.v1 on it. No reflection: nobody needs to ask what proto/ says. */
export function grpcServer({
  maxReceiveBytes,
  maxSendBytes,
  maxStreamsPerConnection,
  idleMs,
  maxAgeMs,
}: GrpcServerLimits): GrpcServer {
  const server = new Server({
    'grpc.max_receive_message_length': maxReceiveBytes,
    'grpc.max_send_message_length': maxSendBytes,
    'grpc.max_concurrent_streams': maxStreamsPerConnection,
    'grpc.max_connection_idle_ms': idleMs,
    ...(maxAgeMs === undefined
      ? {}
      : { 'grpc.max_connection_age_ms': maxAgeMs, 'grpc.max_connection_age_grace_ms': AGE_GRACE_MS }),
    'grpc.keepalive_time_ms': 20_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc-node.max_session_memory': MAX_SESSION_MEMORY_MB,
    'grpc.enable_channelz': 0,
  });
  const health = new HealthImplementation({ '': 'SERVING' });
  health.addToServer(server);
  // TLS has ended where the socket comes from
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    server,
    accept: (socket) => {
      injector.injectConnection(socket);
    },
    stop: () => {
      health.setStatus('', 'NOT_SERVING');
      server.tryShutdown(() => undefined);
    },
  };
}
