import type { Rate } from './rate-limit.js';

/**
 * What the collector's front door bears. Bounds before authentication count everybody together, never one address:
 * a whole cluster can stand behind one.
 */
export interface DoorLimits {
  /** Open connections of the mutual-TLS listener. */
  readonly maxConnections: number;
  /** Open connections of the enrolment listener, so that nobody without a certificate can starve those who have one. */
  readonly maxEnrollConnections: number;
  /** TLS handshakes under way, on each listener. */
  readonly maxHandshakes: number;
  readonly handshakeTimeoutMs: number;
  /** How long an agent's stream may be open before it says Hello. */
  readonly helloTimeoutMs: number;
  /** Calls of one operator or host. */
  readonly calls: Rate;
  /** Messages on the stream of one host; over it reading waits, nothing is refused. */
  readonly messages: Rate;
  /** Enrolments and renewals of everybody together. */
  readonly enrollments: Rate;
  /** Alarms kept about enrolment tokens nobody gave out. */
  readonly strangerAlarms: Rate;
}

export const DEFAULT_DOOR_LIMITS: DoorLimits = {
  maxConnections: 12_000,
  maxEnrollConnections: 500,
  maxHandshakes: 500,
  handshakeTimeoutMs: 10_000,
  helloTimeoutMs: 10_000,
  calls: { burst: 100, perSecond: 20 },
  messages: { burst: 500, perSecond: 100 },
  enrollments: { burst: 250, perSecond: 50 },
  strangerAlarms: { burst: 20, perSecond: 1 / 600 },
};
