import { constants } from 'node:fs';
import { open, readFile, readlink, stat } from 'node:fs/promises';
import type { HashOptions } from '../hashing/hash-file.js';
import { unreadableReason } from '../hashing/unreadable-reason.js';
import { errnoOf } from '../runtime/coded-error.js';
import { pathText } from '../subject/path-text.js';
import { analyzeProcess } from './analyze-binary.js';
import type { BinaryObservation } from './binary-facts.js';
import { descriptorSource } from './elf/descriptor-source.js';
import { imageOfProcess } from './elf/program-image.js';
import { loadBias } from './load-bias.js';

/** The facts of a running program, and the path it was started from as the kernel tells it. */
export interface ObservedProcess {
  readonly path: string;
  readonly observation: BinaryObservation;
}

const NO_PATH = '(not known)';

/**
 * Reads a process: the file that runs through /proc/PID/exe, whatever stands at its path by now, and its memory. Needs to be
 * root or its user with leave to trace it. A number can pass to another process and a process to another program: what was
 * read counts only if it was the same program before and after. Never throws.
 */
export async function observeProcess(
  pid: number,
  proc = '/proc',
  options: Pick<HashOptions, 'pause' | 'onBytes'> = {},
): Promise<ObservedProcess> {
  const directory = `${proc}/${String(pid)}`;
  let path = NO_PATH;
  try {
    const before = await identityOf(directory);
    path = pathText(await readlink(`${directory}/exe`, 'buffer'));
    const observation = await observe(directory, options);
    const after = await identityOf(directory);
    if (before !== after) {
      return { path, observation: { state: 'unreadable', reason: 'it became another program while being read' } };
    }
    return { path, observation };
  } catch (error) {
    return { path, observation: { state: 'unreadable', reason: processReason(error) } };
  }
}

async function observe(directory: string, options: HashOptions): Promise<BinaryObservation> {
  const file = await open(`${directory}/exe`, constants.O_RDONLY);
  try {
    const memory = await open(`${directory}/mem`, constants.O_RDONLY);
    try {
      const auxv = await readFile(`${directory}/auxv`);
      const { size } = await file.stat();
      return await analyzeProcess(descriptorSource(file.fd, size, options), (elf) =>
        Promise.resolve(
          imageOfProcess(descriptorSource(memory.fd, Number.MAX_SAFE_INTEGER, options), elf, loadBias(auxv, elf)),
        ),
      );
    } finally {
      await memory.close();
    }
  } finally {
    await file.close();
  }
}

/** When it was started (proc(5), stat, field 22) and which file it runs; an exec keeps the first and changes the second. */
async function identityOf(directory: string): Promise<string> {
  const text = await readFile(`${directory}/stat`, 'latin1');
  // the name may hold spaces and parentheses; the last one ends it
  const started = text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  const { dev, ino } = await stat(`${directory}/exe`, { bigint: true });
  return `${started ?? ''} ${String(dev)} ${String(ino)}`;
}

function processReason(error: unknown): string {
  const errno = errnoOf(error);
  if (errno === 'ENOENT' || errno === 'ESRCH') return 'there is no such process, or it runs no program';
  return unreadableReason(error);
}
