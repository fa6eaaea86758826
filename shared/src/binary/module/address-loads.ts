/** An instruction that puts an address of the program into a register. */
export interface AddressLoad {
  readonly from: number;
  readonly to: number;
}

/** `lea r64, [rip + disp32]`: REX.W with or without R, 8D, ModRM of a register and RIP (Intel SDM volume 2, LEA). */
export const LOAD_BYTES = 7;

/**
 * Every such instruction that begins in the first `own` bytes of amd64 code; at any offset, so bytes in the middle of others may
 * look like one. @param position address of the first byte
 */
export function* addressLoads(code: Buffer, position: number, own: number): Iterable<AddressLoad> {
  const end = Math.min(own, code.length - LOAD_BYTES + 1);
  for (let at = 0; at < end; at++) {
    // the rarest of the three first
    if (code[at + 1] !== 0x8d) continue;
    const rex = code[at];
    if ((rex !== 0x48 && rex !== 0x4c) || ((code[at + 2] ?? 0) & 0xc7) !== 0x05) continue;
    const from = position + at;
    yield { from, to: from + LOAD_BYTES + code.readInt32LE(at + 3) };
  }
}
