import { type BigIntStats, constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileTypeOf } from '../hashing/file-type.js';
import { unreadableReason } from '../hashing/unreadable-reason.js';
import { analyzeBinary } from './analyze-binary.js';
import type { BinaryObservation } from './binary-facts.js';
import { descriptorSource } from './elf/descriptor-source.js';

/** The facts of the file at a path that a person named; links are followed. Never throws. */
export async function observeFile(path: string): Promise<BinaryObservation> {
  try {
    // a FIFO in the file's place must not block
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const before = await file.stat({ bigint: true });
      if (!before.isFile()) return { state: 'unreadable', reason: `not a regular file (${fileTypeOf(before)})` };
      const observation = await analyzeBinary(descriptorSource(file.fd, Number(before.size)));
      const after = await file.stat({ bigint: true });
      return unchanged(before, after) ? observation : { state: 'unreadable', reason: 'changed while being read' };
    } finally {
      await file.close();
    }
  } catch (error) {
    return { state: 'unreadable', reason: unreadableReason(error) };
  }
}

function unchanged(before: BigIntStats, after: BigIntStats): boolean {
  return before.size === after.size && before.mtimeNs === after.mtimeNs && before.ctimeNs === after.ctimeNs;
}
