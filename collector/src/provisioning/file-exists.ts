import { CodedError, errnoOf, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { stat } from 'node:fs/promises';

/** False only if there is nothing: a directory that can't be searched is an error, not an absence. @throws CodedError('file.unreadable') */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw new CodedError('file.unreadable', `${path} can't be looked at: ${reasonOf(error)}`, { cause: error });
  }
}
