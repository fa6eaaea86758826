import { join } from 'node:path';
import type { FirstProcess } from '@sealwatch/shared/measurement/image-measurement.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { listenerExecutable } from '../service/listener-executable.js';
import { identifyReachable, isSameProcess } from '../process/identify-process.js';
import type { Hashing } from './hash-located.js';

/**
 * The program a container's first process runs, read through that process and pinned to it by its start time.
 * @param stillRuns asks containerd whether this is the container's process yet: only between two looks that found the
 *   same process does its answer say whose it is
 * @returns null if it has ended, or belongs to nobody we know
 * @throws CodedError('request.cancelled')
 */
export async function firstProcess(
  pid: number,
  { hostRoot, stillRuns, hashOnce, pause, signal }: Hashing & { hostRoot: string; stillRuns: () => Promise<boolean> },
): Promise<FirstProcess | Unreadable | null> {
  const procPath = join(hostRoot, 'proc');
  const process = pid > 0 ? identifyReachable(procPath, pid) : undefined;
  if (process === undefined) return null;
  const program = await listenerExecutable(process, { procPath, hashOnce, pause, signal });
  if (program === undefined || !(await stillRuns())) return null;
  if (!isSameProcess(identifyReachable(procPath, pid), process)) return null;
  const { executable, digest } = program;
  return typeof digest === 'string' ? { executable, digest } : digest;
}
