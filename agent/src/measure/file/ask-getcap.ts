import { type BigIntStats, lstatSync, statSync } from 'node:fs';
import { fileKey } from '@sealwatch/shared/hashing/file-key.js';
import type { SeenFile } from '@sealwatch/shared/hashing/measure-file.js';
import { below, endOfPath } from '@sealwatch/shared/hashing/walk-path.js';
import type { FileCapabilities } from '@sealwatch/shared/measurement/file-capabilities.js';
import { parseGetcap } from './parse-getcap.js';
import { runGetcap } from './run-getcap.js';

export interface GetcapOptions {
  /** Absolute paths; the first that is a file is run. Default: where distributions have libcap's. */
  readonly programs?: readonly string[];
  /** Default 5 s. */
  readonly timeoutMs?: number;
}

const PROGRAMS = ['/usr/sbin/getcap', '/sbin/getcap', '/usr/bin/getcap'];
const TIMEOUT_MS = 5000;

/**
 * The capabilities of a file that was hashed. Node has no calls for extended attributes, so libcap's own program is asked.
 * It takes no symbolic link for a file, so not `/proc/self/fd/N` of the file itself: it gets the file's directory as an open
 * descriptor and a name in it, and the answer counts only if that name is still the file that was hashed, unchanged
 * (setting capabilities moves the ctime). Never throws.
 */
export async function askGetcap(
  { root, realPath, stat }: SeenFile,
  { programs = PROGRAMS, timeoutMs = TIMEOUT_MS }: GetcapOptions = {},
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
    const run = await runGetcap(program, ['-v', asked], { directory, timeoutMs });
    const after: BigIntStats = lstatSync(below(directory, nameBytes), { bigint: true });
    return fileKey(after) === fileKey(stat) ? parseGetcap(run, asked) : unreadable(CHANGED);
  });
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
