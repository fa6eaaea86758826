import { isIPv4, isIPv6 } from 'node:net';

/** 4 or 16 bytes in network order; a zone (`%eth0`) is left out. Undefined for text that is no IP address. */
export function ipBytes(text: string): Buffer | undefined {
  if (isIPv4(text)) return Buffer.from(text.split('.').map(Number));
  if (!isIPv6(text)) return undefined;
  const [address = ''] = text.split('%');
  const [head = '', tail] = address.split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array<number>(16 - before.length - after.length).fill(0);
  return Buffer.from([...before, ...zeros, ...after]);
}

/** Bytes of `fe80:0:1` or `ffff:10.0.0.1`. */
function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');

/** The IPv4 address that an IPv4-mapped IPv6 address stands for (RFC 4291 §2.5.5.2); any other as it is. */
export function unmapped(address: Buffer): Buffer {
  return address.length === 16 && address.subarray(0, 12).equals(MAPPED) ? address.subarray(12) : address;
}
