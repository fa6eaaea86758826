import { CorruptZstd } from './corrupt-zstd.js';

export interface FrameHeader {
  readonly kind: 'frame';
  readonly headerBytes: number;
  /** Bytes a match may reach back. */
  readonly windowSize: number;
  /** Bytes, if the frame says. */
  readonly contentSize: number | undefined;
  readonly hasChecksum: boolean;
}

interface SkippableHeader {
  readonly kind: 'skippable';
  readonly headerBytes: number;
  /** To pass over behind the header. */
  readonly bytes: number;
}

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
/** What Go's encoder, which container tools use, asks for at its best level; `zstd --ultra -21` asks for more. */
const MAX_WINDOW = 32 * 1024 * 1024;

/** Undefined while bytes are missing (RFC 8878 §3.1.1.1 and §3.1.2). @throws CorruptZstd */
export function readFrameHeader(bytes: Uint8Array): FrameHeader | SkippableHeader | undefined {
  if (bytes.length < 5) return undefined;
  const magic = uint(bytes, 0, 4);
  if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
    return bytes.length < 8 ? undefined : { kind: 'skippable', headerBytes: 8, bytes: uint(bytes, 4, 4) };
  }
  if (magic !== MAGIC) throw new CorruptZstd('no frame begins where one should');
  const descriptor = bytes[4] ?? 0;
  if ((descriptor & 8) !== 0) throw new CorruptZstd('reserved bits are set');
  const singleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag;
  const dictionaryAt = singleSegment ? 5 : 6;
  const sizeAt = dictionaryAt + dictionaryBytes;
  const headerBytes = sizeAt + sizeBytes;
  if (bytes.length < headerBytes) return undefined;
  if (uint(bytes, dictionaryAt, dictionaryBytes) !== 0) throw new CorruptZstd('it wants a dictionary');
  const contentSize = sizeBytes === 0 ? undefined : uint(bytes, sizeAt, sizeBytes) + (sizeFlag === 1 ? 256 : 0);
  const windowSize = singleSegment ? (contentSize ?? 0) : windowOf(bytes[5] ?? 0);
  if (windowSize > MAX_WINDOW) {
    throw new CorruptZstd(`its window of ${String(windowSize)} bytes is larger than ${String(MAX_WINDOW)}`);
  }
  return { kind: 'frame', headerBytes, windowSize, contentSize, hasChecksum: (descriptor & 4) !== 0 };
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function uint(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}
