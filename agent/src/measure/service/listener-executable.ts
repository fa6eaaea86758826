import { type BigIntStats, closeSync, constants, fstatSync, openSync, readlinkSync, statSync } from 'node:fs';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { fileKey } from '@sealwatch/shared/hashing/file-key.js';
import { hashOpenFile } from '@sealwatch/shared/hashing/hash-file.js';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import type { ListeningProgram } from '@sealwatch/shared/measurement/service-measurement.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import { cutText } from '../cut-text.js';
import { throwIfStopped } from '../throw-if-stopped.js';
import type { HashOnce } from './hash-memory.js';
import { identifyReachable, isSameProcess, type ProcessIdentity } from '../process/identify-process.js';

export interface ExecutableReading {
  readonly procPath: string;
  readonly hashOnce: HashOnce;
  /** Waits between two slices of hashing. */
  readonly pause: () => Promise<void>;
  readonly signal?: AbortSignal;
}

/** A process that calls exec meanwhile has settled by the next look. */
const ATTEMPTS = 3;
/** Several times the largest honest one; a hostile one may be all holes, which cost nothing but our time. */
const MAX_PROGRAM_BYTES = 2n ** 30n;
const MAX_PATH_BYTES = 512;
/** In the place of a path that could not be read. */
const UNKNOWN = '?';
const DELETED = Buffer.from(' (deleted)');

/**
 * The program a process runs: where it was started from, and the digest of what was loaded, read through
 * `/proc/PID/exe` and so right even if something else stands at that path by now. A file whose own name ends in
 * ` (deleted)` counts as deleted: an honest program has no such name.
 * @returns undefined if the process has ended
 * @throws CodedError('request.cancelled')
 */
export async function listenerExecutable(
  process: ProcessIdentity,
  reading: ExecutableReading,
): Promise<ListeningProgram | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const read = await readOnce(process, reading);
    if (read !== 'changed') return read;
  }
  return { executable: UNKNOWN, digest: unreadable('the program changed while it was read'), deleted: false };
}

async function readOnce(
  process: ProcessIdentity,
  { procPath, hashOnce, pause, signal }: ExecutableReading,
): Promise<ListeningProgram | undefined | 'changed'> {
  const exe = `${procPath}/${String(process.pid)}/exe`;
  const isStillThere = (): boolean => isSameProcess(identifyReachable(procPath, process.pid), process);
  const stopping = async (): Promise<void> => {
    await pause();
    throwIfStopped(signal);
  };
  let fd: number | undefined;
  let link: Buffer | undefined;
  try {
    link = readlinkSync(exe, 'buffer');
    fd = openSync(exe, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(fd, { bigint: true });
    if (stat.size > MAX_PROGRAM_BYTES) {
      const { executable, deleted } = locationOf(link);
      return { executable, digest: unreadable(`larger than ${String(MAX_PROGRAM_BYTES)} bytes`), deleted };
    }
    const digest = await hashOnce(fileKey(stat), () => hashWhole(fd ?? -1, stat, stopping));
    if (!isStillThere()) return undefined;
    // the same process can have become another program
    const after = statSync(exe, { bigint: true });
    if (!readlinkSync(exe, 'buffer').equals(link) || after.dev !== stat.dev || after.ino !== stat.ino) return 'changed';
    const { executable, deleted } = locationOf(link);
    return { executable, digest, deleted };
  } catch (error) {
    if (error instanceof CodedError) throw error;
    if (error instanceof FileChanged) return 'changed';
    if (!isStillThere()) return undefined;
    const { executable, deleted } = locationOf(link);
    return { executable, digest: unreadable(unreadableReason(error)), deleted };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function locationOf(link: Buffer | undefined): Pick<ListeningProgram, 'executable' | 'deleted'> {
  if (link === undefined || link.length === 0) return { executable: UNKNOWN, deleted: false };
  const deleted = link.length > DELETED.length && link.subarray(-DELETED.length).equals(DELETED);
  const path = deleted ? link.subarray(0, -DELETED.length) : link;
  return { executable: cutText(pathText(path), MAX_PATH_BYTES), deleted };
}

function unreadable(reason: string): Unreadable {
  return { state: 'unreadable', reason };
}

class FileChanged extends Error {}

async function hashWhole(fd: number, stat: BigIntStats, pause: () => Promise<void>): Promise<Digest> {
  const { digest, bytes } = await hashOpenFile(fd, { pause, limit: Number(stat.size) + 1 });
  const after = fstatSync(fd, { bigint: true });
  if (BigInt(bytes) !== stat.size || fileKey(after) !== fileKey(stat)) throw new FileChanged();
  return digest;
}
