import { closeSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import { endsListening, type ListeningSocket, MAX_NET_TCP_BYTES, parseNetTcp } from '@sealwatch/shared/proc/net-tcp.js';
import { errnoOf } from '@sealwatch/shared/runtime/coded-error.js';

export type ListeningSockets =
  | { readonly state: 'read'; readonly sockets: readonly ListeningSocket[] }
  | { readonly state: 'unreadable'; readonly reason: string };

/**
 * Every TCP socket that listens in one network namespace, IPv4 first. Never throws.
 * @param netPath a `net` directory of procfs: `/proc/1/net`
 */
export function readListeningSockets(netPath: string): ListeningSockets {
  const v4 = readTable(`${netPath}/tcp`, 4);
  if (v4.state !== 'read') return v4.state === 'absent' ? unreadable('no table of TCP sockets') : v4;
  // a kernel without IPv6 has no second table
  const v6 = readTable(`${netPath}/tcp6`, 16);
  if (v6.state === 'absent') return v4;
  return v6.state === 'read' ? { state: 'read', sockets: [...v4.sockets, ...v6.sockets] } : v6;
}

function readTable(path: string, addressBytes: 4 | 16): ListeningSockets | { readonly state: 'absent' } {
  let lines: Buffer | undefined;
  try {
    lines = readListeningLines(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return { state: 'absent' };
    return unreadable(`the table of TCP sockets: ${unreadableReason(error)}`);
  }
  const sockets = lines === undefined ? undefined : parseNetTcp(lines, { addressBytes, endianness: endianness() });
  return sockets === undefined ? unreadable('the table of TCP sockets is malformed') : { state: 'read', sockets };
}

const READ_BYTES = 64 * 1024;

/** Stops behind the listening sockets: a busy host has a hundred thousand connections after them. */
function readListeningLines(path: string): Buffer | undefined {
  const fd = openSync(path, 'r');
  try {
    const pieces: Buffer[] = [];
    for (let length = 0; length <= MAX_NET_TCP_BYTES;) {
      const piece = Buffer.allocUnsafe(READ_BYTES);
      const read = readSync(fd, piece, 0, READ_BYTES, null);
      if (read === 0) return Buffer.concat(pieces);
      pieces.push(piece.subarray(0, read));
      length += read;
      const whole = piece.lastIndexOf(NEWLINE, read - 1) + 1;
      const isFirst = pieces.length === 1;
      if (whole === 0 || (isFirst && endsInHeader(piece.subarray(0, whole)))) continue;
      if (!endsListening(piece.subarray(0, whole))) {
        pieces[pieces.length - 1] = piece.subarray(0, whole);
        return Buffer.concat(pieces);
      }
    }
    return undefined;
  } finally {
    closeSync(fd);
  }
}

const NEWLINE = 0x0a;

function endsInHeader(lines: Buffer): boolean {
  return lines.indexOf(NEWLINE) === lines.length - 1;
}

function unreadable(reason: string): { readonly state: 'unreadable'; readonly reason: string } {
  return { state: 'unreadable', reason };
}
