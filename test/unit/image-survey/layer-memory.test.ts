import type { ContainerdBlobs } from '@sealwatch/agent/measure/image/containerd-blobs.js';
import { LayerMemory, type StoredLayer } from '@sealwatch/agent/measure/image/layer-memory.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { ImageBuilder } from '../../fakes/image-builder.js';
import { TestClock } from '../../fakes/test-clock.js';

const HOUR = 60 * 60_000;
const TAR = Buffer.alloc(300_000, 'layer');

/** A store that tells how often it was read. */
class CountedBlobs extends ImageBuilder implements ContainerdBlobs {
  reads = 0;
  state: string | null = '1';
  onRead: () => void = () => undefined;

  override async *read(digest: Digest, limit: number): AsyncGenerator<Uint8Array> {
    this.reads++;
    this.onRead();
    yield* super.read(digest, limit);
  }

  stateOf(): Promise<string | null> {
    return Promise.resolve(this.state);
  }
}

let clock: TestClock;
let blobs: CountedBlobs;
let layer: StoredLayer;
let memory: LayerMemory;
beforeEach(() => {
  clock = new TestClock('2026-11-23T10:00:00.000Z');
  blobs = new CountedBlobs();
  const { digest, size } = blobs.add(gzipSync(TAR), 'x');
  layer = { key: digest, digest, size, compression: 'gzip', diffId: sha256(TAR), maxUncompressedSize: TAR.length };
  memory = new LayerMemory({ clock });
});

async function look(fresh = false): Promise<{ state: string; reads: number }> {
  const before = blobs.reads;
  const { state } = await memory.verify(blobs, layer, { fresh });
  return { state, reads: blobs.reads - before };
}

const damage = (): void => {
  const blob = Buffer.from(blobs.blobs.get(layer.digest) ?? '');
  blob[100] = (blob[100] ?? 0) ^ 1;
  blobs.blobs.set(layer.digest, blob);
};

describe('a stored layer', () => {
  it('is read once while its file is the same', async () => {
    expect(await look()).toEqual({ state: 'ok', reads: 1 });
    expect(await look()).toEqual({ state: 'ok', reads: 0 });
  });

  it('is read again when its file is another, and what is wrong with it stands as well', async () => {
    await look();
    damage();
    expect(await look()).toEqual({ state: 'ok', reads: 0 });
    blobs.state = '2';
    expect((await look()).state).toBe('digest-mismatch');
    expect(await look()).toEqual({ state: 'digest-mismatch', reads: 0 });
  });

  it('is read again when somebody wants to know now', async () => {
    await look();
    damage();
    expect((await look(true)).state).toBe('digest-mismatch');
  });

  it('is read again within a day, whatever its file says', async () => {
    await look();
    damage();
    clock.advance(11 * HOUR);
    expect((await look()).state).toBe('ok');
    clock.advance(13 * HOUR);
    expect((await look()).state).toBe('digest-mismatch');
  });

  it('is not read at the same time as all others', async () => {
    const due: number[] = [];
    for (let i = 0; i < 40; i++) {
      const { digest, size } = blobs.add(Buffer.from(String(i)), 'x');
      layer = { ...layer, key: digest, digest, size, compression: 'none', diffId: digest };
      await look();
      let hours = 0;
      for (let reads = 0; reads === 0; hours++) {
        clock.advance(HOUR);
        ({ reads } = await look());
      }
      due.push(hours);
    }
    expect(Math.min(...due)).toBeGreaterThanOrEqual(12);
    expect(Math.max(...due)).toBeLessThanOrEqual(24);
    expect(new Set(due).size).toBeGreaterThan(6);
  });

  it('that is written while it is read is read again', async () => {
    blobs.onRead = () => {
      blobs.state = 'written';
    };
    await look();
    blobs.onRead = () => undefined;
    expect((await look()).reads).toBe(1);
    expect((await look()).reads).toBe(0);
  });

  it('that is not there or can not be read is looked for each time', async () => {
    const bytes = blobs.blobs.get(layer.digest) ?? Buffer.alloc(0);
    blobs.blobs.delete(layer.digest);
    expect((await look()).state).toBe('missing');
    blobs.blobs.set(layer.digest, bytes);
    expect((await look()).state).toBe('ok');
  });

  it('is inflated no further than its signed size', async () => {
    layer = { ...layer, maxUncompressedSize: TAR.length - 1 };
    expect((await look()).state).toBe('inflates-too-far');
  });

  it('is forgotten when nobody asks for it any more', async () => {
    await look();
    memory.forgetUnused();
    expect((await look()).reads).toBe(0);
    memory.forgetUnused();
    memory.forgetUnused();
    expect((await look()).reads).toBe(1);
  });
});
