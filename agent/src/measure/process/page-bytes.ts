import { readFileSync } from 'node:fs';

/** AT_PAGESZ of the auxiliary vector, include/uapi/linux/auxvec.h. */
const PAGE_SIZE = 6n;
const USUAL = 4096;

let known: number | undefined;

/** Bytes in a page of memory here: 4,096, or 65,536 on some ARM kernels. */
export function pageBytes(): number {
  return (known ??= fromAuxiliaryVector());
}

/** Pairs of type and value, as wide and as ordered as this machine's words: 64 bits, little end first. */
function fromAuxiliaryVector(): number {
  try {
    const vector = readFileSync('/proc/self/auxv');
    for (let at = 0; at + 16 <= vector.length; at += 16) {
      if (vector.readBigUInt64LE(at) === PAGE_SIZE) return Number(vector.readBigUInt64LE(at + 8));
    }
  } catch {
    // no procfs of our own: the usual size
  }
  return USUAL;
}
