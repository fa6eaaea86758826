import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZstdDecoder } from '@sealwatch/shared/image/compression/zstd/zstd-decoder.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedZstd } from '../fakes/image-builder.js';
import { zstdSubject } from '../fakes/zstd-subject.js';

function decode(bytes: Uint8Array, pieceBytes = bytes.length || 1): Buffer {
  const decoder = new ZstdDecoder();
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    for (const part of decoder.push(bytes.subarray(at, at + pieceBytes))) parts.push(Buffer.from(part));
  }
  decoder.end();
  return Buffer.concat(parts);
}

const vector = (name: string): Buffer =>
  readFileSync(join(import.meta.dirname, '..', 'vectors', 'zstd', `${name}.zst`));
const CASES = [
  ['level-1', zstdSubject(300_000)],
  ['level-19', zstdSubject(300_000)],
  ['streamed', zstdSubject(300_000)],
  ['small-window', zstdSubject(300_000)],
  ['short', zstdSubject(700, 7)],
] as const;

/** One block in a frame that says its own size. */
function frame(kind: number, size: number, body: readonly number[], contentSize = 100): Buffer {
  const header = 1 | (kind << 1) | (size << 3);
  return Buffer.from([
    0x28,
    0xb5,
    0x2f,
    0xfd,
    0x20,
    contentSize,
    header & 255,
    (header >> 8) & 255,
    header >> 16,
    ...body,
  ]);
}

describe('what zstd wrote', () => {
  it.each(CASES)('%s is read back, whole and in pieces', (name, content) => {
    for (const pieceBytes of [undefined, 1, 997, 65_536]) {
      if (pieceBytes === 1 && content.length > 10_000) continue;
      expect(decode(vector(name), pieceBytes).equals(content)).toBe(true);
    }
  });

  it('is read as one, when frames and skippable frames follow one another', () => {
    const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const all = Buffer.concat([skippable, vector('short'), vector('level-1'), skippable, vector('short')]);
    const content = Buffer.concat([zstdSubject(700, 7), zstdSubject(300_000), zstdSubject(700, 7)]);
    expect(decode(all, 5000).equals(content)).toBe(true);
  });

  it('may be nothing, or a run of one byte', () => {
    expect(decode(storedZstd(Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
    expect(decode(frame(1, 100, [7]))).toEqual(Buffer.alloc(100, 7));
  });
});

describe('a broken frame is refused:', () => {
  it.each<[string, Buffer, RegExp]>([
    ['no magic number', Buffer.from('not zstd at all'), /no frame/],
    [
      'a window of gigabytes',
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 1, 0, 0]),
      /window of \d+ bytes is larger/,
    ],
    [
      'a content of gigabytes',
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 1, 0, 0, 0]),
      /window of \d+ bytes/,
    ],
    ['a dictionary', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x21, 9, 1, 1, 0, 0]), /dictionary/],
    ['a block longer than the content', frame(1, 101, [7]), /too large/],
    ['a block of a reserved kind', frame(3, 1, [7]), /no known kind/],
    ['another length than it says', frame(1, 99, [7]), /another length/],
    ['a repeated Huffman table that was never given', frame(2, 8, [0x13, 0x40, 0, 1, 0, 0, 0, 0]), /never given/],
    // a table whose one symbol takes no bits: a decoder that waits for the bits to run out never ends
    [
      'Huffman weights without an end',
      frame(2, 23, [0xa2, 0x40, 0x04, 12, 0xf0, 0x03, ...(Array(9).fill(0xff) as number[]), 1, 1, 2, 3, 4, 0, 0, 0]),
      /too many weights|too precise|end mark/,
    ],
    ['a cut', vector('level-1').subarray(0, 5000), /ends early/],
  ])('%s', (_, bytes, message) => {
    expect(() => decode(bytes)).toThrow(message);
  });

  it('any damage ends in other bytes or in an error, soon', () => {
    const good = vector('level-19');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        (changes) => {
          const bad = Buffer.from(good);
          for (const [at, byte] of changes) bad[at] = byte;
          const started = performance.now();
          let length = 0;
          try {
            length = decode(bad).length;
          } catch (error) {
            expect((error as Error).name).toBe('CorruptZstd');
          }
          expect(length).toBeLessThanOrEqual(300_000);
          expect(performance.now() - started).toBeLessThan(2_000);
        },
      ),
      { numRuns: 150 },
    );
  });
});
