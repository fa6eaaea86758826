import type { BigIntStats } from 'node:fs';
import type { ExecutableMapping } from '@sealwatch/shared/proc/executable-mappings.js';
import {
  type AnonymousCode,
  MAX_ANONYMOUS,
  MAX_FILES,
  type MappedFileFacts,
  type ProcessFacts,
} from '@sealwatch/shared/proc/process-facts.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import { compareMappedFile } from './compare-mapped-file.js';
import { compareVdso } from './compare-vdso.js';
import type { CycleMemory } from './cycle-memory.js';
import { hashOnce } from './hash-once.js';
import { locateOnDisk } from './locate-on-disk.js';
import type { MeasuringOptions } from './measuring-options.js';
import { ChangedMeanwhile } from './meanwhile.js';
import { closeMemory, openMemory, type OpenMemory } from './open-memory.js';
import { openMappedFile } from './open-mapped-file.js';
import type { Preloads } from './preloads.js';

export type CodeFacts = Pick<ProcessFacts, 'files' | 'moreFiles' | 'anonymous' | 'vdso'>;

export interface CodeSurroundings {
  /** `/proc/PID` */
  readonly directory: string;
  /** From where the process's paths are seen. */
  readonly root: string;
  readonly inHostRoot: boolean;
  readonly executable: BigIntStats;
  readonly preloads: Preloads;
  readonly linkerDirectories: readonly string[];
  readonly memory: CycleMemory;
}

/** Where x86 keeps a page of the kernel's for old programs: above every address a process can have. */
const KERNEL_HALF = 1n << 63n;

/**
 * Everything in a process that can be executed: each mapped file beside its memory, and what has no file.
 * @throws EndedMeanwhile, ChangedMeanwhile, CodedError('request.cancelled')
 */
export async function measureCode(
  mappings: readonly ExecutableMapping[],
  surroundings: CodeSurroundings,
  options: MeasuringOptions,
): Promise<CodeFacts> {
  const own = mappings.filter(({ start }) => start < KERNEL_HALF);
  const groups = byFile(own.filter(({ inode }) => inode !== 0n));
  const files: MappedFileFacts[] = [];
  const open = openMemory(surroundings.directory);
  try {
    for (const group of groups.slice(0, MAX_FILES)) {
      if (options.signal?.aborted === true) {
        throw new CodedError('request.cancelled', 'stopped before the process was measured');
      }
      files.push(await measureMappedFile(group, open, surroundings, options));
    }
    const vdso = own.find((mapping) => isVdso(mapping));
    return {
      files: files.sort(byRoleAndPath),
      moreFiles: groups.length > MAX_FILES,
      anonymous: anonymousCode(own),
      vdso: compareVdso(open.state === 'opened' ? open.memory : undefined, vdso),
    };
  } finally {
    closeMemory(open);
  }
}

/** The mappings of each file, files in the order of their first address. */
function byFile(mappings: readonly ExecutableMapping[]): ExecutableMapping[][] {
  const groups = new Map<string, ExecutableMapping[]>();
  for (const mapping of mappings) {
    const { deviceMajor, deviceMinor, inode, name } = mapping;
    const key = [deviceMajor, deviceMinor, inode, name.toString('latin1')].join(':');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [mapping]);
    else group.push(mapping);
  }
  return [...groups.values()];
}

async function measureMappedFile(
  group: readonly ExecutableMapping[],
  open: OpenMemory,
  { directory, root, inHostRoot, executable, preloads, linkerDirectories, memory }: CodeSurroundings,
  options: MeasuringOptions,
): Promise<MappedFileFacts> {
  const [first] = group;
  if (first === undefined) throw new ChangedMeanwhile();
  const file = await openMappedFile(directory, first);
  const writable = group.some((mapping) => mapping.writable);
  if (file.state === 'unreadable') {
    const path = pathText(file.link);
    const { reason } = file;
    return {
      path,
      role: 'library',
      digest: { state: 'unreadable', reason },
      onDisk: { state: 'unreadable', reason },
      text: { state: 'unreadable', reason },
      writable,
      systemDirectory: isIn(linkerDirectories, path),
      preloaded: preloads.has(file.link, undefined),
      package: null,
    };
  }
  try {
    const { stat } = file;
    const located = await locateOnDisk(root, file.link, stat, memory, options);
    const path = pathText(located.path);
    const role = stat.dev === executable.dev && stat.ino === executable.ino ? 'executable' : 'library';
    const asked = role === 'library' && located.onDisk.state !== 'memory' && inHostRoot;
    return {
      path,
      role,
      digest: located.onDisk.state === 'memory' ? null : await hashOnce(file.fd, stat, memory, options),
      onDisk: located.onDisk,
      text: await compareMappedFile(group, { fd: file.fd, size: stat.size }, open, directory, options),
      writable,
      systemDirectory: isIn(linkerDirectories, path),
      preloaded: preloads.has(located.path, stat),
      package: asked && options.packages !== undefined ? await options.packages.ownerOf(located.path) : null,
    };
  } finally {
    await file.close();
  }
}

function isVdso({ inode, name }: ExecutableMapping): boolean {
  return inode === 0n && name.toString('latin1') === '[vdso]';
}

/** What may be executed and is no file's, each kind once. */
function anonymousCode(mappings: readonly ExecutableMapping[]): AnonymousCode[] {
  const kinds = new Map<string, AnonymousCode>();
  for (const mapping of mappings) {
    if (mapping.inode !== 0n || isVdso(mapping)) continue;
    const kind = { name: pathText(mapping.name), writable: mapping.writable };
    kinds.set(`${kind.name}\0${String(kind.writable)}`, kind);
  }
  const sorted = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.slice(0, MAX_ANONYMOUS).map(([, kind]) => kind);
}

function isIn(directories: readonly string[], path: string): boolean {
  return directories.some((directory) => path.startsWith(`${directory}/`));
}

function byRoleAndPath(a: MappedFileFacts, b: MappedFileFacts): number {
  if (a.role !== b.role) return a.role === 'executable' ? -1 : 1;
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
