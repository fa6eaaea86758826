import { createHash, createHmac } from 'node:crypto';

/** Code that holds a module as BoringCrypto's is built: it names its own start and end, and its hash follows it. */
export interface ModuleText {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly hashAddress: number;
  readonly hash: string;
}

export const MODULE_LENGTH = 300_000;
export const HASH_OFFSET = 1150;

/** @param address where the code will be mapped; the module begins 64 bytes behind */
export function moduleText(address: number, hmac: 'sha256' | 'sha512' = 'sha512'): ModuleText {
  const start = address + 64;
  const end = start + MODULE_LENGTH;
  const hashAddress = end + HASH_OFFSET;
  const bytes = Buffer.concat([Buffer.alloc(64, 0xcc), noise(MODULE_LENGTH), Buffer.alloc(8192, 0xcc)]);
  const selfTest = start + 200_000;
  writeLoad(bytes, selfTest - address, 0x48, selfTest, start);
  writeLoad(bytes, selfTest - address + 11, 0x4c, selfTest + 11, end);
  const value = createHmac(hmac, Buffer.alloc(64))
    .update(bytes.subarray(64, 64 + MODULE_LENGTH))
    .digest();
  value.copy(bytes, hashAddress - address);
  return { bytes, start, end, hashAddress, hash: value.toString('hex') };
}

/** `lea r64, [rip + disp32]` */
export function writeLoad(bytes: Buffer, at: number, rex: 0x48 | 0x4c, from: number, to: number): void {
  Buffer.from([rex, 0x8d, 0x3d]).copy(bytes, at);
  bytes.writeInt32LE(to - (from + 7), at + 3);
}

/** The same bytes each time, and none of them REX.W: no loads but those that are written. */
export function noise(length: number): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; parts.length * 64 < length; i++) parts.push(createHash('sha512').update(String(i)).digest());
  const bytes = Buffer.concat(parts).subarray(0, length);
  return Buffer.from(bytes.map((byte) => (byte === 0x48 || byte === 0x4c ? 0x90 : byte)));
}

export const MODULE_SYMBOL_NAMES = ['start', 'end', 'hash'].map((part) => `BORINGSSL_bcm_text_${part}`);

export function moduleSymbols(text: ModuleText): { name: string; value: number }[] {
  const values = [text.start, text.end, text.hashAddress];
  return MODULE_SYMBOL_NAMES.map((name, i) => ({ name, value: values[i]! }));
}
