import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Mount } from '@sealwatch/shared/proc/mount-info.js';
import type { Known } from '@sealwatch/shared/proc/process-facts.js';

/**
 * What need not be read twice within one cycle: fifty processes share one libc. Never keep one for a second cycle;
 * an urgent check begins with a new one.
 */
export interface CycleMemory {
  readonly digests: Map<string, Digest>;
  /** Of the host; a container's are read with each of its processes. */
  linkerDirectories: readonly string[] | undefined;
  hostMounts: Known<readonly Mount[]> | undefined;
}

export function newCycleMemory(): CycleMemory {
  return { digests: new Map(), linkerDirectories: undefined, hostMounts: undefined };
}
