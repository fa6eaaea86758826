import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LayerFiles } from '../fakes/containerd-image.js';
import { flipByte } from '../fakes/flip-byte.js';
import { ImageWorld, REPOSITORY } from '../fakes/image-world.js';

const MB = 1_000_000;
const PROGRAMS = 30;

/** An image of 300 MB of executables, and a layer of 1 GB beside. The figures it prints are kept in docs. */
describe('a large image', () => {
  let scratch: string;
  let world: ImageWorld;
  let container: { id: string; pid: number };

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'sealwatch-large-'));
    const programs: Record<string, { copyOf: string }> = {};
    for (let i = 0; i < PROGRAMS; i++) {
      const path = join(scratch, `program-${String(i)}`);
      writeFileSync(path, randomBytes(10 * MB));
      chmodSync(path, 0o755);
      programs[`usr/bin/program-${String(i)}`] = { copyOf: path };
    }
    writeFileSync(join(scratch, 'data'), '');
    truncateSync(join(scratch, 'data'), 1000 * MB);
    const data: LayerFiles = { 'var/data': { copyOf: join(scratch, 'data') } };
    world = await ImageWorld.start('overlayfs', [programs, data]);
    await world.import('v1');
    container = await world.run(`${REPOSITORY}:v1`);
  });
  afterAll(async () => {
    await world.end(container);
    await world.dispose();
    rmSync(scratch, { recursive: true, force: true });
  });

  it('is good, at first sight and again, in bounded memory', async () => {
    const took: number[] = [];
    let peak = 0;
    const watching = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 4; i++) {
      const start = performance.now();
      expect(await world.codes()).toEqual([]);
      took.push(Math.round(performance.now() - start));
    }
    clearInterval(watching);
    const [first, ...later] = took;
    console.log(`1.3 GB image: first look ${String(first)} ms, later ${later.join(', ')} ms`);
    console.log(`memory above what was there: ${String(Math.round((peak - before) / MB))} MB`);
    expect(peak - before).toBeLessThan(200 * MB);
  });

  it('has a last byte in its layer of 1 GB that counts', async () => {
    const digest = world.image('v1').archive.layers.at(-1);
    if (digest === undefined) throw new Error('no layer');
    flipByte(world.blob(digest), 999 * MB);
    expect(await world.codes()).toEqual(['image.blob-damaged']);
    flipByte(world.blob(digest), 999 * MB);
    expect(await world.codes()).toEqual([]);
  });
});
