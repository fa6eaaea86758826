import type { Rate } from '@sealwatch/shared/runtime/rate-limit.js';

/**
 * What the collector's front door bears. Bounds before authentication count everybody together, never one address:
 * a whole cluster can stand behind one.
 */
export interface DoorLimits {
  /** Open connections of the mutual-TLS listener. */
  readonly maxConnections: number;
  /** Open connections of the enrolment listener, so that nobody without a certificate can starve those who have one. */
  readonly maxEnrollConnections: number;
  /** Open connections of one host. */
  readonly maxHostConnections: number;
  /** Open connections of one operator, who may run many commands at once. */
  readonly maxOperatorConnections: number;
  /** How long a connection to the enrolment listener may last: a call that is begun and never ended would hold it. */
  readonly enrollConnectionMs: number;
  /** TLS handshakes under way, on each listener. */
  readonly maxHandshakes: number;
  readonly handshakeTimeoutMs: number;
  /** How long an agent's stream may be open before it says Hello. */
  readonly helloTimeoutMs: number;
  /** Calls of one operator or host. */
  readonly calls: Rate;
  /** Messages on the stream of one host; over it reading waits, nothing is refused. */
  readonly messages: Rate;
  /** Bytes of the same: what a host signs is kept, so this is also how fast one host can fill the disk. */
  readonly bytes: Rate;
  /** Enrolments and renewals of everybody together. */
  readonly enrollments: Rate;
  /** Alarms kept about enrolment tokens nobody gave out. */
  readonly strangerAlarms: Rate;
}

export const DEFAULT_DOOR_LIMITS: DoorLimits = {
  maxConnections: 12_000,
  maxEnrollConnections: 500,
  maxHostConnections: 32,
  maxOperatorConnections: 256,
  enrollConnectionMs: 30_000,
  maxHandshakes: 500,
  handshakeTimeoutMs: 10_000,
  helloTimeoutMs: 10_000,
  calls: { burst: 100, perSecond: 20 },
  // a host that was away comes back with a full outbox, a seal for each report
  messages: { burst: 2500, perSecond: 100 },
  bytes: { burst: 32 * 1024 * 1024, perSecond: 256 * 1024 },
  enrollments: { burst: 250, perSecond: 50 },
  strangerAlarms: { burst: 20, perSecond: 1 / 600 },
};
