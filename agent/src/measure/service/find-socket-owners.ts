import { opendirSync, readlinkSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import { CodedError, errnoOf } from '@sealwatch/shared/runtime/coded-error.js';
import { throwIfStopped } from '../throw-if-stopped.js';
import { identifyReachable, type ProcessIdentity } from '../process/identify-process.js';

export interface SocketOwners {
  /** By inode; a socket that no visible process holds is not in it. */
  readonly owners: ReadonlyMap<string, readonly ProcessIdentity[]>;
  /** Why the open files of some process could not be read; it may hold any socket. Null: all were. */
  readonly unseen: string | null;
}

export interface OwnerSearch {
  readonly procPath: string;
  readonly pause: () => Promise<void>;
  readonly signal?: AbortSignal;
}

/** Open files looked at between two turns of the event loop. */
const SLICE = 1000;
/** Far more than a host has. */
const MAX_OPEN_FILES = 4_000_000;

/**
 * Looks through the open files of every process, once for all sockets, to the end: a socket can be held by many.
 * A process that ends meanwhile is passed over.
 * @throws CodedError('request.cancelled')
 */
export async function findSocketOwners(inodes: ReadonlySet<string>, search: OwnerSearch): Promise<SocketOwners> {
  const owners = new Map<string, ProcessIdentity[]>();
  let unseen: string | null = null;
  let openFiles = 0;
  const onOpenFile = async (): Promise<void> => {
    if (++openFiles % SLICE !== 0) return;
    await search.pause();
    throwIfStopped(search.signal);
  };
  try {
    for (const name of namesIn(search.procPath)) {
      if (!/^[1-9]\d{0,9}$/.test(name)) continue;
      throwIfStopped(search.signal);
      if (openFiles > MAX_OPEN_FILES) return { owners, unseen: 'too many open files' };
      const found = await socketsOf(search.procPath, name, { inodes, onOpenFile });
      unseen ??= found.unseen;
      for (const { inode, identity } of found.held) owners.set(inode, [...(owners.get(inode) ?? []), identity]);
    }
  } catch (error) {
    if (error instanceof CodedError) throw error;
    return { owners, unseen: `the list of processes: ${unreadableReason(error)}` };
  }
  return { owners, unseen };
}

interface HeldSocket {
  readonly inode: string;
  readonly identity: ProcessIdentity;
}

async function socketsOf(
  procPath: string,
  pid: string,
  { inodes, onOpenFile }: { inodes: ReadonlySet<string>; onOpenFile: () => Promise<void> },
): Promise<{ held: HeldSocket[]; unseen: string | null }> {
  const directory = `${procPath}/${pid}/fd`;
  const links = new Map<string, string>();
  let unseen: string | null = null;
  try {
    for (const fd of namesIn(directory)) {
      const inode = socketInode(`${directory}/${fd}`);
      if (inode !== undefined && inodes.has(inode)) links.set(inode, `${directory}/${fd}`);
      await onOpenFile();
    }
  } catch (error) {
    if (error instanceof CodedError) throw error;
    if (!hasEnded(error)) unseen = `the open files of some processes: ${unreadableReason(error)}`;
  }
  const identity = links.size === 0 ? undefined : identifyReachable(procPath, Number(pid));
  if (identity === undefined) return { held: [], unseen };
  // read again: only now is it sure that this process, and no successor of its number, holds the socket
  const held = [...links].filter(([inode, link]) => socketInode(link) === inode);
  return { held: held.map(([inode]) => ({ inode, identity })), unseen };
}

/** One at a time: a process can hold a million files open. */
function* namesIn(directory: string): Generator<string> {
  const handle = opendirSync(directory, { encoding: 'latin1' });
  try {
    for (let entry = handle.readSync(); entry !== null; entry = handle.readSync()) yield entry.name;
  } finally {
    handle.closeSync();
  }
}

/** What `socket:[123]` names; undefined for any other open file, and one that was closed meanwhile. */
function socketInode(link: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link, 'latin1'))?.[1];
  } catch (error) {
    if (hasEnded(error)) return undefined;
    throw error;
  }
}

function hasEnded(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOENT' || errno === 'ESRCH';
}
