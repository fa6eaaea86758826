import { createHmac } from 'node:crypto';
import { type ElfParts, ElfWriter } from './elf-builder.js';

const BUILD_INFO = Buffer.from('\xff Go buildinf:', 'latin1');
const FIPS_INFO = Buffer.from('\xff Go fipsinfo \xff\0', 'latin1');
const SENTINELS = ['3077af0c9274080241e1c107e6d618e6', 'f932433186182072008242104116d8f2'] as const;

type Shape = Pick<ElfParts, 'bits' | 'bigEndian'>;

/** Module information in its frame, as the linker leaves it. */
export function framed(text: string): Buffer {
  const [start, end] = SENTINELS.map((hex) => Buffer.from(hex, 'hex'));
  return Buffer.concat([start!, Buffer.from(text), end!]);
}

/** Build info as Go 1.18 and later write it. */
export function inlineBuildInfo(version: string, module: Buffer = Buffer.alloc(0)): Buffer {
  const texts = [Buffer.from(version), module].flatMap((text) => [uvarint(text.length), text]);
  return Buffer.concat([BUILD_INFO, Buffer.from([8, 2]), Buffer.alloc(16), ...texts]);
}

/** Build info as Go 1.13 to 1.17 write it, with its two strings behind it. */
export function pointedBuildInfo(address: number, version: string, module: Buffer, shape: Shape = {}): Buffer {
  const word = (shape.bits ?? 64) / 8;
  const strings = address + 16 + 16;
  const texts = strings + 4 * word;
  const writer = new ElfWriter(shape).raw(BUILD_INFO).raw(Buffer.from([word, shape.bigEndian === true ? 1 : 0]));
  writer.word(strings).word(strings + 2 * word);
  writer.raw(Buffer.alloc(32 - writer.bytes().length));
  writer
    .word(texts)
    .word(version.length)
    .word(texts + version.length)
    .word(module.length);
  return writer.raw(Buffer.from(version)).raw(module).bytes();
}

function uvarint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

export interface FipsRange {
  readonly start: number;
  readonly bytes: Buffer;
}

/** The record of Go's native module: its sum, its own address and four ranges. */
export function fipsInfo(address: number, ranges: readonly FipsRange[], shape: Shape = {}): Buffer {
  const hmac = createHmac('sha256', Buffer.alloc(32)).update('go fips object v1\n');
  const writer = new ElfWriter(shape).word(address);
  for (const { start, bytes } of ranges) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(bytes.length));
    hmac.update(length).update(bytes);
    writer.word(start).word(start + bytes.length);
  }
  return Buffer.concat([FIPS_INFO, hmac.digest(), writer.bytes()]);
}
