import type { ErrorCode } from '@sealwatch/shared/runtime/error-codes.js';

/** One reason why the agent on this host is not well. Codes are for alerts: they do not change. */
export interface StatusProblem {
  /** What can't be read has the code of the error that says so. */
  readonly code: HealthCode | ErrorCode;
  readonly text: string;
}

export type HealthCode =
  | 'agent.not-running'
  | 'agent.silent'
  | 'certificate.expired'
  | 'collector.disconnected'
  | 'outbox.full'
  | 'scan.failed'
  | 'scan.late'
  | 'scan.none'
  | 'statement.rejected'
  | 'watch.containerd-lost'
  | 'watch.mounts-unreadable'
  | 'watch.processes-blind';
