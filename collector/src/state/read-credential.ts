import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { CodedError, errnoOf, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';

const MAX_BYTES = 64 * 1024;
const OTHERS = 0o007;

/**
 * A secret that the service manager hands over in a directory of this service's own (systemd.exec(5), `LoadCredential=`);
 * undefined if it hands over none of that name. Such a file belongs to root or to us; an access list for us shows as
 * rights of its group.
 * @throws CodedError('file.too-permissive' | 'file.unreadable')
 */
export async function readCredential(directory: string | null, name: string): Promise<Buffer | undefined> {
  if (directory === null || !isAbsolute(directory)) return undefined;
  const path = join(directory, name);
  try {
    // a FIFO in the file's place must not block
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile() || stats.size > MAX_BYTES) throw new CodedError('file.unreadable', `${path} is no secret`);
      const ours = stats.uid === 0 || stats.uid === process.geteuid?.();
      if (!ours || (stats.mode & OTHERS) !== 0) {
        throw new CodedError('file.too-permissive', `${path} is open to others; let the service manager make it`);
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof CodedError) throw error;
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw new CodedError('file.unreadable', `${path} can't be read: ${reasonOf(error)}`, { cause: error });
  }
}
