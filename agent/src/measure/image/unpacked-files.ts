import { fstatSync } from 'node:fs';
import { join } from 'node:path';
import { ABSENT } from '@sealwatch/shared/appraisal/appraise-container.js';
import type { LocatedFile } from '@sealwatch/shared/containerd/open-snapshot.js';
import { seenByProcess } from '@sealwatch/shared/containerd/seen-by-process.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import type { SignedExecutable } from '@sealwatch/shared/manifest/manifest-component.js';
import type { UnpackedFile } from '@sealwatch/shared/measurement/image-measurement.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { pathBytes } from '@sealwatch/shared/subject/path-text.js';
import { throwIfStopped } from '../throw-if-stopped.js';
import { hashLocated, type Hashing } from './hash-located.js';
import type { ContainerSnapshot } from './open-container-snapshot.js';

export interface Unpacking extends Hashing {
  readonly hostRoot: string;
}

/**
 * The executables a manifest lists, as they stand in a container's own snapshot: the bytes of the directories it is
 * mounted from, and where the container's process sees something else, the bytes of that.
 * @param pid of the container's first process
 * @throws CodedError('request.cancelled')
 */
export async function unpackedFiles(
  { locate, overlaid }: Pick<ContainerSnapshot, 'locate' | 'overlaid'>,
  pid: number,
  executables: readonly SignedExecutable[],
  unpacking: Unpacking,
): Promise<readonly UnpackedFile[] | Unreadable> {
  const { pause, signal } = unpacking;
  const signed = new Set(executables.map(({ digest }) => digest));
  const files: UnpackedFile[] = [];
  for (const { path } of executables) {
    await pause();
    throwIfStopped(signal);
    const bytes = pathBytes(path);
    if (bytes === undefined) return { state: 'unreadable', reason: 'a manifest lists what is no path' };
    files.push({ path, ...(await look(await locate(bytes), { overlaid, pid, signed }, unpacking)) });
  }
  return files;
}

type Look = { readonly digest: Digest; readonly shadowing: boolean } | { readonly problem: string };

async function look(
  located: LocatedFile,
  { overlaid, pid, signed }: { overlaid: boolean; pid: number; signed: ReadonlySet<Digest> },
  unpacking: Unpacking,
): Promise<Look> {
  switch (located.state) {
    case 'absent':
    case 'whiteout':
      return { problem: ABSENT };
    case 'not-regular':
      return { problem: `no regular file (${located.fileType})` };
    case 'unreadable':
      return { problem: located.reason };
    case 'found':
      break;
  }
  try {
    const digest = await hashLocated(located, unpacking);
    if (typeof digest !== 'string') return { problem: digest.reason };
    // the native snapshotter has one directory for all: nothing there stands in the place of anything
    const found = { digest, shadowing: located.writable && overlaid };
    // bytes that are wrong are worth more than a doubt who sees them
    if (!signed.has(digest)) return found;
    const seen = await seenByProcess(unpacking.hostRoot, pid, located);
    switch (seen.state) {
      case 'same':
        return found;
      case 'hidden':
        return { problem: 'hidden from the process by a directory or a mount above it' };
      case 'unreadable':
        return { problem: `as the process sees it: ${seen.reason}` };
      case 'other':
        return await lookThrough(located.realPath, { pid, signed }, unpacking);
    }
  } finally {
    await located.close();
  }
}

/** What a process has in the place of a file. The same bytes again are still not the file that was unpacked. */
async function lookThrough(
  path: Buffer,
  { pid, signed }: { pid: number; signed: ReadonlySet<Digest> },
  unpacking: Unpacking,
): Promise<Look> {
  const opened = await openBelow(join(unpacking.hostRoot, 'proc', String(pid), 'root'), path);
  if (opened.state !== 'opened') return { problem: ELSEWHERE };
  try {
    const stat = fstatSync(opened.fd, { bigint: true });
    const digest = await hashLocated({ fd: opened.fd, stat }, unpacking);
    return typeof digest !== 'string' || signed.has(digest) ? { problem: ELSEWHERE } : { digest, shadowing: false };
  } finally {
    await opened.close();
  }
}

const ELSEWHERE = 'the process has something else in its place';
