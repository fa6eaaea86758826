import { randomBytes } from 'node:crypto';
import { setTimeout as pass } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { inflate } from '@sealwatch/shared/image/compression/inflate.js';
import { describe, expect, it } from 'vitest';

const KIB = 1024;

describe('gzip data, however slow its reader is,', () => {
  const content = randomBytes(1024 * KIB);
  const stored = gzipSync(content);

  /** In pieces as a source gives them, all in one buffer. */
  async function* pieces(onTaken: () => void): AsyncGenerator<Uint8Array> {
    const buffer = Buffer.alloc(128 * KIB);
    for (let at = 0; at < stored.length; at += buffer.length) {
      const length = stored.copy(buffer, 0, at);
      onTaken();
      await pass(0);
      yield buffer.subarray(0, length);
      buffer.fill(0);
    }
  }

  it('comes out whole, in small chunks, a few of them ahead of the reader', async () => {
    let taken = 0;
    const chunks: Buffer[] = [];
    for await (const chunk of inflate(
      pieces(() => taken++),
      'gzip',
    )) {
      chunks.push(Buffer.from(chunk));
      if (chunks.length > 3) continue;
      await pass(100);
      // one is at work, one is next
      expect(taken).toBeLessThanOrEqual(3);
    }
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(32 * KIB);
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
  });
});
