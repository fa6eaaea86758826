/** An instruction that puts an address of the program into a register. */
export interface AddressLoad {
  readonly from: number;
  readonly to: number;
}

/** `lea r64, [rip + disp32]`: REX.W with or without R, 8D, ModRM of a register and RIP (Intel SDM volume 2, LEA). */
export const LOAD_BYTES = 7;

const DENSE = 2;

/**
 * Every such instruction that begins in the first `own` bytes of amd64 code and names an address at most `reach` bytes away; at any
 * offset, so bytes in the middle of others may look like one. @param position address of the first byte
 */
export function* addressLoads(code: Buffer, position: number, own: number, reach: number): Iterable<AddressLoad> {
  const end = Math.min(own, code.length - LOAD_BYTES + 1);
  for (let at = nextLea(code, -1); at < end; at = nextLea(code, at)) {
    const rex = code[at];
    if ((rex !== 0x48 && rex !== 0x4c) || ((code[at + 2] ?? 0) & 0xc7) !== 0x05) continue;
    const from = position + at;
    const distance = LOAD_BYTES + code.readInt32LE(at + 3);
    if (Math.abs(distance) <= reach) yield { from, to: from + distance };
  }
}

/** Where the opcode, the rarest of the three bytes, is the second byte next; searched natively, as V8 may be told not to compile. */
function nextLea(code: Uint8Array, at: number): number {
  const near = at + 2;
  // dense ones, as code made to cost time has, are cheaper without a call
  for (let opcode = near; opcode < near + DENSE; opcode++) if (code[opcode] === 0x8d) return opcode - 1;
  // not the buffer's own, which is three functions of JavaScript first
  const opcode = Uint8Array.prototype.indexOf.call(code, 0x8d, near + DENSE);
  return opcode === -1 ? code.length : opcode - 1;
}
