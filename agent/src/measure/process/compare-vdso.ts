import { closeSync, openSync, readSync } from 'node:fs';
import type { ExecutableMapping } from '@sealwatch/shared/proc/executable-mappings.js';
import type { ProcessFacts } from '@sealwatch/shared/proc/process-facts.js';
import { readExecutableMappings } from './read-executable-mappings.js';

/** A vdso has one or two pages. */
const MAX_BYTES = 64 * 1024;

/**
 * The kernel maps the same code into every process of one kind: ours is the one to compare with. A 32-bit program has
 * another, of another size.
 * @param memory `/proc/PID/mem`, open
 */
export function compareVdso(memory: number | undefined, mapping: ExecutableMapping | undefined): ProcessFacts['vdso'] {
  if (mapping === undefined) return 'none';
  const own = ownVdso();
  if (memory === undefined || own === undefined) return 'not-compared';
  const length = Number(mapping.end - mapping.start);
  if (length !== own.length) return 'not-compared';
  try {
    const bytes = Buffer.alloc(length);
    if (readSync(memory, bytes, 0, length, mapping.start) !== length) return 'not-compared';
    return bytes.equals(own) ? 'equal' : 'different';
  } catch {
    return 'not-compared';
  }
}

let remembered: Buffer | undefined;

function ownVdso(): Buffer | undefined {
  return (remembered ??= readOwnVdso());
}

function readOwnVdso(): Buffer | undefined {
  const own = readExecutableMappings('/proc/self');
  const mapping =
    own.state === 'read' ? own.mappings.find(({ name }) => name.toString('latin1') === '[vdso]') : undefined;
  if (mapping === undefined || mapping.end - mapping.start > MAX_BYTES) return undefined;
  const fd = openSync('/proc/self/mem', 'r');
  try {
    const bytes = Buffer.alloc(Number(mapping.end - mapping.start));
    return readSync(fd, bytes, 0, bytes.length, mapping.start) === bytes.length ? bytes : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}
