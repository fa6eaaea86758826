import { close as closeCallback, constants, fstat as fstatCallback, open as openCallback } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { FileType } from '../measurement/file-measurement.js';
import { errnoOf } from '../runtime/coded-error.js';
import { fileTypeOf } from './file-type.js';
import { unreadableReason } from './unreadable-reason.js';

/** What a path below a root leads to. `opened` owns a descriptor: close it. */
export type OpenedPath =
  | {
      readonly state: 'opened';
      readonly fd: number;
      /** Where the path led below the root, without symlinks. */
      readonly realPath: Buffer;
      close(): Promise<void>;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'not-regular'; readonly fileType: FileType }
  | { readonly state: 'unreadable'; readonly reason: string };

const open = promisify<Buffer | string, number, number>(openCallback);
const close = promisify(closeCallback);
const fstat = promisify(fstatCallback as BigIntFstat);
type BigIntFstat = (fd: number, options: { bigint: true }, done: (error: Error | null, stat: Stat) => void) => void;
type Stat = Parameters<typeof fileTypeOf>[0];

/** Linux's, on every architecture Node is built for; node:fs does not name it. */
export const O_PATH = 0o10000000;

/** The kernel's own limit (path_resolution(7)). */
export const MAX_LINKS = 40;
/** Every `..` walks again from the root; this bounds what a hostile link can cost. */
export const MAX_LOOKUPS = 20_000;

/**
 * Opens a regular file for reading, never leaving the root. Node has no openat2(RESOLVE_IN_ROOT), so each step is
 * opened by itself with O_PATH | O_NOFOLLOW through `/proc/self/fd/N/name` and symlinks are resolved here: absolute
 * ones begin again at the root, `..` stops there. Only what fstat calls a regular file is opened for reading, through
 * its own descriptor, so a FIFO or a device is never touched and nothing can be put in between.
 * @param path bytes; taken from the root with or without a leading slash
 */
export async function openBelow(root: string, path: Buffer): Promise<OpenedPath> {
  return endOfPath(root, path, openHere);
}

/** How a path can end that leads to nothing that could be looked at. */
export type NoEndOfPath = Exclude<OpenedPath, { state: 'opened' }>;

/** Told before each step: an O_PATH descriptor of a directory, where that is below the root, and the name to look up. */
export type OnLookup = (directory: number, realPath: readonly Buffer[], name: Buffer) => void;

/**
 * The same walk with another end: `end` gets an O_PATH descriptor of what the path led to, which is closed after it.
 * An error of `end` counts as one of the walk. Never throws.
 */
export async function endOfPath<T>(
  root: string,
  path: Buffer,
  end: (at: number, realPath: readonly Buffer[]) => Promise<T>,
  onLookup?: OnLookup,
): Promise<T | NoEndOfPath> {
  let rootFd: number;
  try {
    rootFd = await open(root, O_PATH | constants.O_DIRECTORY);
  } catch (error) {
    return { state: 'unreadable', reason: `the host root: ${unreadableReason(error)}` };
  }
  try {
    return await walk(rootFd, stepsOf(path), end, onLookup);
  } catch (error) {
    const errno = errnoOf(error);
    // a missing name, or a name below something that is no directory: nothing can be there
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return { state: 'absent' };
    return { state: 'unreadable', reason: unreadableReason(error) };
  } finally {
    await close(rootFd);
  }
}

async function walk<T>(
  rootFd: number,
  path: readonly Buffer[],
  end: (at: number, realPath: readonly Buffer[]) => Promise<T>,
  onLookup?: OnLookup,
): Promise<T | NoEndOfPath> {
  const pending = [...path].reverse();
  const resolved: Buffer[] = [];
  let links = 0;
  let at = rootFd;
  const goTo = async (fd: number): Promise<void> => {
    const left = at;
    at = fd;
    if (left !== rootFd) await close(left);
  };
  const restart = async (): Promise<void> => {
    resolved.length = 0;
    await goTo(rootFd);
  };
  try {
    for (let lookups = 0; lookups < MAX_LOOKUPS; lookups++) {
      const step = pending.pop();
      if (step === undefined) return await end(at, resolved);
      if (isParent(step)) {
        pending.push(...resolved.slice(0, -1).reverse());
        await restart();
        continue;
      }
      onLookup?.(at, resolved, step);
      const next = await open(below(at, step), O_PATH | constants.O_NOFOLLOW);
      let kept = false;
      try {
        if (!(await fstat(next, { bigint: true })).isSymbolicLink()) {
          await goTo(next);
          kept = true;
          resolved.push(step);
          continue;
        }
      } finally {
        if (!kept) await close(next);
      }
      if (++links > MAX_LINKS) return { state: 'not-regular', fileType: 'symlink-loop' };
      // if the name is no link any more this throws EINVAL: unreadable now, measured again next time
      const target = await readlink(below(at, step), 'buffer');
      pending.push(...stepsOf(target).reverse());
      if (target[0] === SLASH) await restart();
    }
    return { state: 'unreadable', reason: 'the path has too many steps' };
  } finally {
    await goTo(rootFd);
  }
}

/** The end of the walk: `at` is an O_PATH descriptor of whatever the path led to. */
async function openHere(at: number, resolved: readonly Buffer[]): Promise<OpenedPath> {
  const stat = await fstat(at, { bigint: true });
  if (!stat.isFile()) return { state: 'not-regular', fileType: fileTypeOf(stat) };
  const fd = await open(`/proc/self/fd/${String(at)}`, constants.O_RDONLY | constants.O_NONBLOCK);
  const realPath = Buffer.concat(resolved.flatMap((step) => [Buffer.from('/'), step]));
  return { state: 'opened', fd, realPath, close: () => close(fd) };
}

const SLASH = 0x2f;

export function stepsOf(path: Buffer): Buffer[] {
  const steps: Buffer[] = [];
  for (let from = 0; from <= path.length;) {
    const slash = path.indexOf(SLASH, from);
    const end = slash === -1 ? path.length : slash;
    const step = path.subarray(from, end);
    if (step.length > 0 && !(step.length === 1 && step[0] === DOT)) steps.push(step);
    from = end + 1;
  }
  return steps;
}

const DOT = 0x2e;

export function isParent(step: Buffer): boolean {
  return step.length === 2 && step[0] === DOT && step[1] === DOT;
}

export function below(directory: number, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`/proc/self/fd/${String(directory)}/`), name]);
}
