import type { LogLevel } from '@sealwatch/shared/runtime/log.js';
import type { DoorLimits } from '../api/door-limits.js';
import type { HostPort } from '@sealwatch/shared/runtime/host-port.js';

/** What `serve` runs with: defaults, then the file, then flags. Port 0 takes any free one. */
export interface CollectorConfig {
  /** Absolute. */
  readonly stateDir: string;
  readonly listen: HostPort;
  readonly enrollListen: HostPort;
  readonly logLevel: LogLevel;
  readonly limits: DoorLimits;
}

/** As the flags come. */
export interface CollectorFlags {
  readonly stateDir: string;
  readonly config?: string;
  readonly listen?: string;
  readonly enrollListen?: string;
  readonly logLevel?: LogLevel;
}
