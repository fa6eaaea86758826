import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { type HashOptions, hashOpenFile } from '@sealwatch/shared/hashing/hash-file.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostTree } from '../fakes/host-tree.js';

let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
});
afterEach(() => {
  tree.remove();
});

async function hash(path: string, options?: HashOptions): Promise<{ digest: string; bytes: number }> {
  const fd = openSync(path, 'r');
  try {
    return await hashOpenFile(fd, options);
  } finally {
    closeSync(fd);
  }
}

function opensslDigest(path: string): string {
  const output = execFileSync('openssl', ['dgst', '-sha256', '-r', path], { encoding: 'utf8' });
  return `sha256:${output.slice(0, 64)}`;
}

const KIB = 1024;

describe('the digest of an open file', () => {
  it.each([0, 1, 128 * KIB - 1, 128 * KIB, 128 * KIB + 1, 512 * KIB, 512 * KIB + 1, 3 * KIB * KIB + 17])(
    'is the one openssl gives, for %i bytes',
    async (size) => {
      const path = tree.write('/file', randomBytes(size)).at('/file');
      expect(await hash(path)).toEqual({ digest: opensslDigest(path), bytes: size });
      expect(await hash(path, { sliceBytes: 1 })).toEqual({ digest: opensslDigest(path), bytes: size });
    },
  );

  it('covers the whole file wherever the descriptor stands, and again', async () => {
    const path = tree.write('/file', 'four bytes and more').at('/file');
    const fd = openSync(path, 'r+');
    writeSync(fd, 'FOUR');
    const first = await hashOpenFile(fd);
    expect(first.digest).toBe(opensslDigest(path));
    expect(await hashOpenFile(fd)).toEqual(first);
    closeSync(fd);
  });

  it('does not mix the bytes of files that are hashed at the same time', async () => {
    const paths = ['/a', '/b', '/c'].map((name) => tree.write(name, randomBytes(2 * KIB * KIB)).at(name));
    const hashed = await Promise.all(paths.map((path) => hash(path)));
    expect(hashed.map(({ digest }) => digest)).toEqual(paths.map(opensslDigest));
  });

  it('fails for what can not be read', async () => {
    await expect(hash(tree.root)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

describe('hashing in slices', () => {
  it('pauses after each slice and tells of every byte', async () => {
    const path = tree.write('/file', Buffer.alloc(KIB * KIB)).at('/file');
    let pauses = 0;
    let told = 0;
    const pause = (): Promise<void> => {
      pauses++;
      return Promise.resolve();
    };
    await hash(path, { sliceBytes: 256 * KIB, pause, onBytes: (bytes) => (told += bytes) });
    expect({ pauses, told }).toEqual({ pauses: 4, told: KIB * KIB });
  });

  it('lets the event loop turn between slices unless told otherwise', async () => {
    writeFileSync(tree.at('/file'), Buffer.alloc(8 * KIB * KIB));
    let turns = 0;
    const count = setInterval(() => turns++, 0);
    const immediate = (): void => {
      turns++;
      if (!done) setImmediate(immediate);
    };
    let done = false;
    setImmediate(immediate);
    await hash(tree.at('/file'));
    done = true;
    clearInterval(count);
    expect(turns).toBeGreaterThanOrEqual(15);
  });

  it('ends at the limit, for a file that grows faster than it is read', async () => {
    const path = tree.write('/file', Buffer.alloc(64 * KIB)).at('/file');
    const fd = openSync(path, 'r+');
    const grow = (bytes: number): void => {
      ftruncateSync(fd, fstatSync(fd).size + 2 * bytes);
    };
    expect(await hashOpenFile(fd, { onBytes: grow, limit: 300 * KIB })).toMatchObject({ bytes: 300 * KIB });
    closeSync(fd);
  });
});

describe('a file larger than 2 GiB', () => {
  /**
   * A sparse file of 2 GiB and 5 bytes, so that offsets beyond 31 bits count; the 5 GiB one stands in the benchmark.
   * The digest is what openssl dgst -sha256 printed for it.
   */
  const SIZE = 2 ** 31 + 5;
  const DIGEST = 'sha256:698e833771f637e098aa0f5e0ced209a57efdd8912dd6f3ff7b6b8bc4cc19981';

  it('is hashed to its last byte in constant memory', { timeout: 120_000 }, async () => {
    const path = tree.write('/sparse').at('/sparse');
    const fd = openSync(path, 'r+');
    ftruncateSync(fd, SIZE);
    writeSync(fd, 'end', SIZE - 3);
    closeSync(fd);
    const before = process.memoryUsage.rss();
    expect(await hash(path)).toEqual({ digest: DIGEST, bytes: SIZE });
    expect(process.memoryUsage.rss() - before).toBeLessThan(32 * KIB * KIB);
  });
});
