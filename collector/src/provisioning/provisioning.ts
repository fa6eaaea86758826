import type { ClusterConfig } from '../config/cluster-config.js';
import type { OperatorDirectory } from '../config/operator-directory.js';

/** What every step of provisioning works with. */
export interface Provisioning {
  readonly directory: OperatorDirectory;
  readonly config: ClusterConfig;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly log: ProvisioningLog;
}

/** What a run did; what was there already is not named. */
export interface ProvisioningLog {
  readonly made: ProvisionedFile[];
  readonly renewed: ProvisionedFile[];
  /** What the operator should know or do. */
  readonly notices: string[];
}

export interface ProvisionedFile {
  readonly file: string;
  readonly what: string;
}

export const DAY_MS: number = 86_400_000;
export const YEAR_MS: number = 365 * DAY_MS;

/** Clocks differ a little: what is made now must be valid for a machine that is behind. */
export const BACKDATING_MS: number = 5 * 60_000;
