import { type BigIntStats, lstatSync, statSync } from 'node:fs';
import { fileKey } from '@sealwatch/shared/hashing/file-key.js';
import type { SeenFile } from '@sealwatch/shared/hashing/measure-file.js';
import { below, endOfPath } from '@sealwatch/shared/hashing/walk-path.js';
import type { FileCapabilities } from '@sealwatch/shared/measurement/file-capabilities.js';
import { runBounded } from '@sealwatch/shared/runtime/run-bounded.js';
import { throwIfStopped } from '../throw-if-stopped.js';
import { parseGetcap } from './parse-getcap.js';

export interface GetcapOptions {
  /** Absolute paths; the first that is a file is run. Default: where distributions have libcap's. */
  readonly programs?: readonly string[];
  /** Default 5 s. */
  readonly timeoutMs?: number;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

const PROGRAMS = ['/usr/sbin/getcap', '/sbin/getcap', '/usr/bin/getcap'];
const TIMEOUT_MS = 5000;
/** One path and one line of capabilities: all 41 there are, set one by one, take less. */
const MAX_OUTPUT_BYTES = 16 * 1024;

/**
 * The capabilities of a file that was hashed. Node has no calls for extended attributes, so libcap's own program is asked.
 * It takes no symbolic link for a file, so not `/proc/self/fd/N` of the file itself: it gets the file's directory as an open
 * descriptor and a name in it, and the answer counts only if that name is still the file that was hashed, unchanged
 * (setting capabilities moves the ctime).
 * @throws CodedError('request.cancelled') once `signal` is aborted, nothing else
 */
export async function askGetcap(
  { root, realPath, stat }: SeenFile,
  { programs = PROGRAMS, timeoutMs = TIMEOUT_MS, signal }: GetcapOptions = {},
): Promise<FileCapabilities> {
  const program = programs.find(isFile);
  if (program === undefined) return unreadable('there is no getcap');
  const slash = realPath.lastIndexOf('/');
  const nameBytes = realPath.subarray(slash + 1);
  const name = nameBytes.toString('utf8');
  // arguments of a child are text
  if (!Buffer.from(name, 'utf8').equals(nameBytes)) return unreadable('a name that getcap can not be asked for');
  const asked = `/proc/self/fd/3/${name}`;
  const answer = await endOfPath(root, realPath.subarray(0, slash), async (directory) => {
    const run = await runBounded({
      name: 'getcap',
      program,
      args: ['-v', asked],
      descriptor: directory,
      timeoutMs,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      signal,
    });
    const after: BigIntStats = lstatSync(below(directory, nameBytes), { bigint: true });
    return fileKey(after) === fileKey(stat) ? parseGetcap(run, asked) : unreadable(CHANGED);
  });
  throwIfStopped(signal);
  if (typeof answer === 'string' || answer.state === 'unreadable') return answer;
  return unreadable(CHANGED);
}

const CHANGED = 'changed while being read';

function unreadable(reason: string): Exclude<FileCapabilities, string> {
  return { state: 'unreadable', reason };
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
