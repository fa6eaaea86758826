import { join } from 'node:path';

export const DEFAULT_STATE_DIR = '/var/lib/sealwatch-agent';

/** The rooms an enrolment owns as a whole: they move in together and are set aside together. */
export const ENROLLMENT_ROOMS = ['identity', 'outbox', 'rejected', 'trust'] as const;

/** Everything the agent keeps, and where. All directories 0700, all files 0600. */
export interface StatePaths {
  readonly stateDir: string;
  /** Claims of running programs; see `StateLock`. */
  readonly lock: string;
  /** `signing.key`, `signing.pem`, `tls.key`, `tls.pem`; chains are the leaf first, then the issuing CA. */
  readonly identity: string;
  readonly trust: string;
  readonly rootCertificate: string;
  readonly inception: string;
  /** Its presence is what makes a host enrolled. */
  readonly enrollment: string;
  readonly release: string;
  readonly outbox: string;
  readonly rejected: string;
  /** A whole enrolment, ready to be moved in; see `finishEnrollment`. */
  readonly next: string;
  /** Enrolments that were replaced, kept for the auditor. */
  readonly replaced: string;
  /** Written by the running agent for `status`. */
  readonly status: string;
}

export function statePaths(stateDir: string): StatePaths {
  const trust = join(stateDir, 'trust');
  return {
    stateDir,
    lock: join(stateDir, 'lock'),
    identity: join(stateDir, 'identity'),
    trust,
    rootCertificate: join(trust, 'root.pem'),
    inception: join(trust, 'inception.dsse.json'),
    enrollment: join(trust, 'enrollment.json'),
    release: join(trust, 'release'),
    outbox: join(stateDir, 'outbox'),
    rejected: join(stateDir, 'rejected'),
    next: join(stateDir, 'enrolled.next'),
    replaced: join(stateDir, 'replaced'),
    status: join(stateDir, 'status.json'),
  };
}
