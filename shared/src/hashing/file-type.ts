import type { BigIntStats } from 'node:fs';
import type { FileType } from '../measurement/file-measurement.js';

/** What something that is no regular file is. */
export function fileTypeOf(stat: BigIntStats): FileType {
  if (stat.isDirectory()) return 'directory';
  if (stat.isFIFO()) return 'fifo';
  if (stat.isSocket()) return 'socket';
  if (stat.isBlockDevice()) return 'block-device';
  if (stat.isCharacterDevice()) return 'character-device';
  return 'unknown';
}
