import type { Envelope } from '../envelope/envelope.js';
import type { Digest } from '../hashing/digest.js';
import type { MeasurementBody } from '../measurement/measurement-body.js';
import type { Timestamp } from '../runtime/timestamp.js';
import type { Head } from '../statement/report.js';
import type { ReleaseBundle } from '../trust/open-release.js';

/** The newest protocol version both programs of this build speak. */
export const PROTOCOL_VERSION = 1;

/** What an agent says on its stream; proto/sealwatch/v1/agent.proto, admitted and narrowed. */
export type AgentMessage =
  | {
      readonly kind: 'hello';
      readonly protocolVersions: readonly number[];
      readonly agentVersion: string;
      readonly instance: string;
      readonly heartbeatIntervalMs: number;
      readonly scanIntervalMs: number;
      readonly head: Head | null;
      readonly releaseVersion: number;
    }
  | { readonly kind: 'report'; readonly envelope: Envelope; readonly bodies: readonly MeasurementBody[] }
  | { readonly kind: 'seal'; readonly envelope: Envelope }
  | { readonly kind: 'bodies'; readonly bodies: readonly MeasurementBody[] }
  | { readonly kind: 'heartbeat'; readonly head: Head | null; readonly nextScanInMs: number; readonly at: Timestamp };

/** What the collector says back. */
export type CollectorMessage =
  | {
      readonly kind: 'welcome';
      readonly protocolVersion: number;
      readonly serverTime: Timestamp;
      readonly head: Head | null;
      readonly credit: number;
      readonly update: ReleaseBundle | null;
    }
  | Ack
  | { readonly kind: 'challenge'; readonly nonce: string; readonly deadlineMs: number }
  | { readonly kind: 'update'; readonly bundle: ReleaseBundle }
  | { readonly kind: 'need'; readonly digests: readonly Digest[] };

/** Sent after the commit, never before. */
export interface Ack {
  readonly kind: 'ack';
  readonly of: 'report' | 'seal';
  readonly epoch: number;
  readonly sequence: number;
  readonly digest: Digest;
  readonly outcome: 'recorded' | 'duplicate' | 'rejected';
  /** Why it was rejected, else empty. */
  readonly code: string;
  readonly message: string;
}
