import { constants, type Stats } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { CodedError, errnoOf, reasonOf } from './coded-error.js';
import { type DurableWrite, writeDurably } from './durable-file.js';

/** Keys, tokens and everything else that only its owner may see: files 0600, directories 0700, looser is refused. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const GROUP_AND_OTHERS = 0o077;

const MAX_PRIVATE_FILE_BYTES = 16 * 1024 * 1024;

/** @throws CodedError as `writeDurably` does */
export async function writePrivateFile(
  path: string,
  bytes: Uint8Array | string,
  options: Pick<DurableWrite, 'existing'> = {},
): Promise<void> {
  await writeDurably(path, bytes, { ...options, mode: FILE_MODE });
}

/**
 * What is checked is the very file that is read, not its name.
 * @throws CodedError('file.too-permissive') if group or others have any right, or somebody else owns it;
 *   CodedError('file.unreadable') with the system's error as cause
 */
export async function readPrivateFile(path: string): Promise<Buffer> {
  try {
    // a FIFO in the file's place must not block
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new CodedError('file.unreadable', `${path} is not a regular file`);
      requirePrivate(path, stats, FILE_MODE);
      if (stats.size > MAX_PRIVATE_FILE_BYTES) {
        throw new CodedError('file.unreadable', `${path} has ${String(stats.size)} bytes, which no file of ours has`);
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof CodedError) throw error;
    throw new CodedError('file.unreadable', `${path} can't be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** Undefined if there is no such file. @throws as `readPrivateFile` */
export async function readPrivateFileIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readPrivateFile(path);
  } catch (error) {
    if (error instanceof CodedError && errnoOf(error.cause) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Makes the directory (and missing parents) 0700; one that is there must be private already.
 * @throws CodedError('file.too-permissive' | 'store.unavailable')
 */
export async function ensurePrivateDirectory(path: string): Promise<void> {
  let stats: Stats;
  try {
    await mkdir(path, { recursive: true, mode: DIRECTORY_MODE });
    stats = await stat(path);
  } catch (error) {
    throw new CodedError('store.unavailable', `the directory ${path} can't be made: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  requirePrivate(path, stats, DIRECTORY_MODE);
}

function requirePrivate(path: string, { mode, uid }: Stats, wanted: number): void {
  const self = process.geteuid?.();
  if (self !== undefined && uid !== self) {
    throw new CodedError(
      'file.too-permissive',
      `${path} belongs to user ${String(uid)}, not to user ${String(self)} who runs this; chown it or run as its owner`,
    );
  }
  if ((mode & GROUP_AND_OTHERS) !== 0) {
    const octal = (mode & 0o7777).toString(8).padStart(4, '0');
    throw new CodedError(
      'file.too-permissive',
      `${path} has mode ${octal}, open to others than its owner; chmod ${wanted.toString(8)} it`,
    );
  }
}
