/** A TCP socket that listens, from one line of `/proc/net/tcp` or `/proc/net/tcp6`. */
export interface ListeningSocket {
  /** Network order: 4 bytes in tcp, 16 in tcp6. */
  readonly address: Buffer;
  readonly port: number;
  /** Decimal, as in the link `socket:[N]` of a process that holds it. */
  readonly inode: string;
  readonly uid: number;
}

/** What the kernel prints is one word of 32 bits after the other, each as the processor has it in memory. */
export type Endianness = 'LE' | 'BE';

/** Some 200,000 sockets. */
export const MAX_NET_TCP_BYTES: number = 32 * 1024 * 1024;
const HEADER = /^ +sl +local_address /;
const LINE =
  /^ *\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]{8,32}:[0-9A-F]{4} ([0-9A-F]{2}) \S+ \S+ \S+ +(\d{1,10}) +\d+ (\d{1,20}) /;
/** No line of the kernel's is half as long. */
const MAX_LINE = 512;

/** TCP_LISTEN, include/net/tcp_states.h. */
const LISTEN = '0A';

/**
 * The listening sockets of one table (Documentation/networking/proc_net_tcp.rst), in its order. All of its lines have
 * to be understood: one that is skipped could be the one that is looked for.
 * @returns undefined if the bytes are no such table
 */
export function parseNetTcp(
  table: Buffer,
  { addressBytes, endianness }: { addressBytes: 4 | 16; endianness: Endianness },
): ListeningSocket[] | undefined {
  if (table.length > MAX_NET_TCP_BYTES) return undefined;
  const sockets: ListeningSocket[] = [];
  let isHeader = true;
  for (let from = 0; from < table.length;) {
    const newline = table.indexOf(0x0a, from);
    if (newline === -1 || newline - from > MAX_LINE) return undefined;
    const line = table.toString('latin1', from, newline);
    from = newline + 1;
    if (isHeader) {
      if (!HEADER.test(line)) return undefined;
      isHeader = false;
      continue;
    }
    const match = LINE.exec(line);
    if (match === null) return undefined;
    const [, address = '', port = '', state, uid, inode = ''] = match;
    if (address.length !== addressBytes * 2) return undefined;
    if (state !== LISTEN) continue;
    sockets.push({
      address: inNetworkOrder(address, endianness),
      port: Number.parseInt(port, 16),
      inode,
      uid: Number(uid),
    });
  }
  return isHeader ? undefined : sockets;
}

/** Whether the last line of these is one of a listening socket; the kernel lists all of those before any other. */
export function endsListening(lines: Buffer): boolean {
  const newline = lines.lastIndexOf(0x0a);
  if (newline === -1) return true;
  const from = newline === 0 ? 0 : lines.lastIndexOf(0x0a, newline - 1) + 1;
  const line = lines.toString('latin1', from, Math.min(newline, from + MAX_LINE));
  const state = LINE.exec(line)?.[3];
  return state === undefined || state === LISTEN;
}

function inNetworkOrder(hex: string, endianness: Endianness): Buffer {
  const bytes = Buffer.from(hex, 'hex');
  return endianness === 'LE' ? bytes.swap32() : bytes;
}
