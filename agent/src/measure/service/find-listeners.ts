import { unmapped } from '@sealwatch/shared/runtime/ip-bytes.js';
import type { ListeningSocket } from '@sealwatch/shared/proc/net-tcp.js';
import { findSocketOwners, type OwnerSearch, type SocketOwners } from './find-socket-owners.js';
import type { ProcessIdentity } from '../process/identify-process.js';
import { readListeningSockets } from './read-listening-sockets.js';
import { resolveHere, type ResolvedHere } from './resolve-here.js';

/** Whose a service's socket is. */
export type FoundListener =
  | {
      readonly state: 'found';
      /** All that hold it, by pid. */
      readonly processes: readonly ProcessIdentity[];
      /** Why there may be more of them: open files that could not be read. Null: these are all. */
      readonly unseen: string | null;
    }
  /** Nobody listens there. */
  | { readonly state: 'none' }
  /** The address is another machine's. */
  | { readonly state: 'elsewhere' }
  | { readonly state: 'unreadable'; readonly reason: string };

export interface ListenerSearch extends OwnerSearch {
  /** The sockets of one network namespace; default: those of process 1 (`/proc/1/net`). */
  readonly netPath?: string;
}

/** A table that changes while it is read can skip a line, so what was not found is looked for again. */
const ATTEMPTS = 2;
/** Each is read for its executable and its settings. */
const MAX_PROCESSES = 256;

/**
 * For each address (`localhost:6443`, `[::1]:2379`) the processes that can answer there, in the same order. One look at
 * the sockets and one at the processes serves them all.
 * @throws CodedError('request.cancelled')
 */
export async function findListeners(addresses: readonly string[], search: ListenerSearch): Promise<FoundListener[]> {
  const targets = await Promise.all(addresses.map(resolveHere));
  const netPath = search.netPath ?? `${search.procPath}/1/net`;
  const found = await look(targets, netPath, search);
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    const missed = [...found.keys()].filter((i) => targets[i]?.state === 'here' && found[i]?.state !== 'found');
    if (missed.length === 0) break;
    const again = await look(
      missed.flatMap((i) => targets[i] ?? []),
      netPath,
      search,
    );
    for (const [at, i] of missed.entries()) {
      const second = again[at];
      if (second !== undefined) found[i] = second;
    }
  }
  return found;
}

async function look(targets: readonly ResolvedHere[], netPath: string, search: OwnerSearch): Promise<FoundListener[]> {
  const table = readListeningSockets(netPath);
  if (table.state === 'unreadable') return targets.map((target) => (target.state === 'here' ? table : target));
  const answering = targets.map((target) =>
    target.state === 'here' ? table.sockets.filter((socket) => answers(socket, target)) : [],
  );
  const inodes = new Set(answering.flat().map(({ inode }) => inode));
  const owners = inodes.size === 0 ? NOBODY : await findSocketOwners(inodes, search);
  return targets.map((target, i) => (target.state === 'here' ? ownersOf(answering[i] ?? [], owners) : target));
}

const NOBODY: SocketOwners = { owners: new Map(), unseen: null };

/**
 * Every socket that could be given a connection to the address. The kernel prefers an exact address to a wildcard, and
 * an IPv6 wildcard may be closed to IPv4; neither is counted on, so one too many may be found, but none too few.
 */
function answers(
  socket: ListeningSocket,
  { addresses, port }: { readonly addresses: readonly Buffer[]; readonly port: number },
): boolean {
  if (socket.port !== port) return false;
  const bound = unmapped(socket.address);
  const isWildcard = bound.every((byte) => byte === 0);
  return addresses.some((address) => bound.equals(address) || (isWildcard && bound.length >= address.length));
}

function ownersOf(sockets: readonly ListeningSocket[], { owners, unseen }: SocketOwners): FoundListener {
  if (sockets.length === 0) return { state: 'none' };
  const processes = new Map<number, ProcessIdentity>();
  for (const { inode } of sockets) {
    const holders = owners.get(inode);
    if (holders === undefined) {
      return { state: 'unreadable', reason: unseen ?? 'no visible process holds the socket' };
    }
    for (const holder of holders) processes.set(holder.pid, holder);
  }
  if (processes.size > MAX_PROCESSES) {
    return { state: 'unreadable', reason: `more than ${String(MAX_PROCESSES)} processes hold the socket` };
  }
  return { state: 'found', processes: [...processes.values()].sort((a, b) => a.pid - b.pid), unseen };
}
