import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { AgentSelf } from '@sealwatch/shared/statement/agent-self.js';

/** What every statement of this program run says about its origin. */
export interface HostStatement {
  readonly clusterId: string;
  readonly host: string;
  readonly epoch: number;
  /** Of the inception record. */
  readonly inception: Digest;
  /** Digest of the head this epoch continues, null for a host's first enrolment. */
  readonly previousHead: Digest | null;
  readonly bootId: string;
  /** Random per program start, 16 bytes, hex. */
  readonly instance: string;
  readonly hostRoot: string;
  readonly self: AgentSelf;
}
