import type { FileSystemKind } from '@sealwatch/shared/platform/platform-observation.js';
import type { AskedPaths } from './asked-paths.js';

/** One reading of a host's platform facts. */
export interface PlatformReading {
  readonly hostRoot: string;
  /** Every path that was asked for, and where it led: a mount over any of them could have answered instead. */
  readonly asked: AskedPaths;
  readonly fileSystemOf: (hostRoot: string, path: string) => Promise<FileSystemKind>;
  /** How many bytes may still be hashed: what names files can name large ones, many times. */
  readonly budget: { bytes: number };
  /** Waits between two slices of hashing. */
  readonly pause?: () => Promise<void>;
  readonly onBytes?: (bytes: number) => void;
}
