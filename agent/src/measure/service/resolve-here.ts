import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { errnoOf } from '@sealwatch/shared/runtime/coded-error.js';
import { parseHostPort } from '@sealwatch/shared/runtime/host-port.js';
import { ipBytes, unmapped } from '@sealwatch/shared/runtime/ip-bytes.js';

/** Where a connection to `host:port` can arrive on this machine. */
export type ResolvedHere =
  | { readonly state: 'here'; readonly addresses: readonly Buffer[]; readonly port: number }
  | { readonly state: 'elsewhere' }
  | { readonly state: 'unreadable'; readonly reason: string };

/** A resolver that answers nobody takes longer than any probe. */
const LOOKUP_MS = 5000;

/**
 * Resolves as a connection would (getaddrinfo) and compares with the addresses of this machine's interfaces. A name
 * of which one address is another machine's is elsewhere: that one may have answered. Never throws.
 */
export async function resolveHere(address: string): Promise<ResolvedHere> {
  const target = parseHostPort(address);
  if (target === undefined) return { state: 'unreadable', reason: 'the address is no host:port' };
  let texts: string[];
  try {
    texts = await lookupInTime(target.host);
  } catch (error) {
    const errno = errnoOf(error);
    return {
      state: 'unreadable',
      reason: `the name could not be looked up${errno === undefined ? '' : ` (${errno})`}`,
    };
  }
  const addresses = texts.flatMap((text) => {
    const bytes = ipBytes(text);
    return bytes === undefined ? [] : [arrival(unmapped(bytes))];
  });
  if (addresses.length === 0) return { state: 'unreadable', reason: 'the name has no address' };
  const own = ownAddresses();
  if (!addresses.every((candidate) => isHere(candidate, own))) return { state: 'elsewhere' };
  return { state: 'here', addresses, port: target.port };
}

async function lookupInTime(host: string): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
    }, LOOKUP_MS);
  });
  try {
    const found = await Promise.race([lookup(host, { all: true }), late]);
    return found.map((entry) => entry.address);
  } finally {
    clearTimeout(timer);
  }
}

function ownAddresses(): ReadonlySet<string> {
  const texts = Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map(({ address }) => address));
  return new Set(texts.flatMap((text) => ipBytes(text)?.toString('hex') ?? []));
}

/** A connection to the unspecified address arrives at the loopback (ip(7), ipv6(7)). */
function arrival(address: Buffer): Buffer {
  if (!address.every((byte) => byte === 0)) return address;
  return address.length === 4 ? Buffer.from([127, 0, 0, 1]) : Buffer.from([...Buffer.alloc(15), 1]);
}

/** The whole of 127.0.0.0/8 is the loopback's, and ::1 even where no interface is listed (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
function isHere(address: Buffer, own: ReadonlySet<string>): boolean {
  if (address.length === 4 ? address[0] === 127 : address.equals(V6_LOOPBACK)) return true;
  return own.has(address.toString('hex'));
}

const V6_LOOPBACK = Buffer.from([...Buffer.alloc(15), 1]);
