import { errnoOf } from '@sealwatch/shared/runtime/coded-error.js';
import { stat } from 'node:fs/promises';

/** False only if there is nothing: a directory that can't be searched is an error, not an absence. */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}
