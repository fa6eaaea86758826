import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CodedError, errnoOf, reasonOf } from './coded-error.js';

export interface DurableWrite {
  /** Permission bits, exactly: the umask does not change them. */
  readonly mode: number;
  /** `replace` (default): whatever was there is gone. `create`: an existing file is left alone and the write fails. */
  readonly existing?: 'replace' | 'create';
}

/**
 * After it resolves the file survives a crash; at any moment before, `path` is either what it was or wholly new.
 * A crash can leave `.NAME.XXXX.tmp` beside it, which nobody reads: readers of a directory pass over names with a dot.
 * @throws CodedError('store.full') with nothing left behind; CodedError('config.exists') if `create` met a file;
 *   CodedError('store.unavailable') for any other refusal of the file system
 */
export async function writeDurably(path: string, bytes: Uint8Array | string, options: DurableWrite): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeAndSync(temporary, bytes, options.mode);
    if (options.existing === 'create') await link(temporary, path);
    else await rename(temporary, path);
    if (options.existing === 'create') await unlink(temporary);
    await syncDirectory(dirname(path));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw refusal(path, error);
  }
}

/** Makes a directory's entries (a new, renamed or removed file) survive a crash. */
export async function syncDirectory(path: string): Promise<void> {
  await withFile(await open(path, constants.O_RDONLY | constants.O_DIRECTORY), (directory) => directory.sync());
}

async function writeAndSync(path: string, bytes: Uint8Array | string, mode: number): Promise<void> {
  await withFile(await open(path, 'wx', mode), async (file) => {
    await file.chmod(mode);
    await file.writeFile(bytes);
    await file.sync();
  });
}

async function withFile(file: FileHandle, use: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

/** EFBIG is what a process with a file size limit gets in place of ENOSPC. */
const NO_ROOM: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

function refusal(path: string, cause: unknown): CodedError {
  const errno = errnoOf(cause);
  if (errno !== undefined && NO_ROOM.includes(errno)) {
    return new CodedError('store.full', `no room to write ${path} (${errno}); free some space and try again`, {
      cause,
    });
  }
  if (errno === 'EEXIST') {
    return new CodedError('config.exists', `${path} exists and is left as it is`, { cause });
  }
  return new CodedError('store.unavailable', `${path} can't be written: ${withoutPlace(reasonOf(cause))}`, { cause });
}

/** The system names the temporary file, which nobody has heard of: `EACCES: permission denied, open '…'`. */
function withoutPlace(reason: string): string {
  return reason.replace(/, \w+ '[^]*$/, '');
}
