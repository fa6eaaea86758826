import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { hashBelow, type HashedPath } from '@sealwatch/shared/hashing/hash-below.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostTree } from '../fakes/host-tree.js';

const MIB = 1024 * 1024;
const CHANGED = { state: 'unreadable', reason: 'changed while being read' };

let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
});
afterEach(() => {
  tree.remove();
});

/** Hashes `/file`, doing something to the tree at the pauses whose number is asked for. */
async function hashWhile(interfere: (pause: number) => void): Promise<HashedPath & { digest?: string }> {
  let pauses = 0;
  const pause = async (): Promise<void> => {
    await delay(15); // longer than a file system's clock ticks
    interfere(pauses++);
  };
  return hashBelow(tree.root, Buffer.from('/file'), { sliceBytes: MIB, pause });
}

describe('a file that nobody touches', () => {
  it('is hashed once, with the stat the digest is true for', async () => {
    tree.write('/file', 'content');
    let reads = 0;
    const hashed = await hashBelow(tree.root, Buffer.from('/file'), { onBytes: () => reads++ });
    expect(hashed).toMatchObject({ state: 'hashed', digest: sha256(Buffer.from('content')) });
    expect(hashed.state === 'hashed' && hashed.stat.size).toBe(7n);
    expect(reads).toBe(1);
  });

  it('may be empty', async () => {
    tree.write('/file');
    expect(await hashBelow(tree.root, Buffer.from('/file'))).toMatchObject({ digest: sha256(Buffer.alloc(0)) });
  });

  it('may be read by others meanwhile', async () => {
    const bytes = randomBytes(2 * MIB);
    tree.write('/file', bytes);
    expect(await hashWhile(() => readFileSync(tree.at('/file')))).toMatchObject({ digest: sha256(bytes) });
  });
});

describe('a file that changes while it is read', () => {
  beforeEach(() => {
    tree.write('/file', randomBytes(2 * MIB));
  });

  it.each<[string, () => void]>([
    [
      'grows',
      () => {
        appendFileSync(tree.at('/file'), 'x');
      },
    ],
    [
      'shrinks',
      () => {
        truncateSync(tree.at('/file'), statSync(tree.at('/file')).size - 1);
      },
    ],
    [
      'is written in place',
      () => {
        overwrite(tree.at('/file'));
      },
    ],
    [
      'is written in place and gets its times back',
      () => {
        const { atime, mtime } = statSync(tree.at('/file'));
        overwrite(tree.at('/file'));
        utimesSync(tree.at('/file'), atime, mtime);
      },
    ],
    [
      'changes its mode',
      () => {
        chmodSync(tree.at('/file'), statSync(tree.at('/file')).mode ^ 0o111);
      },
    ],
  ])('has no digest: it %s', async (_, interfere) => {
    expect(await hashWhile(interfere)).toEqual(CHANGED);
  });

  it('has no digest or a true one: a process appends to it all the time', async () => {
    const writer = spawn('sh', ['-c', 'while :; do printf x >> "$1"; done', 'sh', tree.at('/file')]);
    try {
      const size = statSync(tree.at('/file')).size;
      while (statSync(tree.at('/file')).size === size) await delay(5);
      for (let i = 0; i < 10; i++) {
        const hashed = await hashBelow(tree.root, Buffer.from('/file'));
        if (hashed.state !== 'hashed') expect(hashed).toEqual(CHANGED);
        // nothing is ever taken away here, so a digest can be checked later
        else expect(hashed.digest).toBe(sha256(readFileSync(tree.at('/file')).subarray(0, Number(hashed.stat.size))));
      }
    } finally {
      writer.kill('SIGKILL');
    }
  });

  it('is hashed as soon as it rests', async () => {
    const hashed = await hashWhile((pause) => {
      if (pause < 3) overwrite(tree.at('/file'));
    });
    expect(hashed).toMatchObject({ state: 'hashed', digest: sha256(readFileSync(tree.at('/file'))) });
  });

  it('and is replaced is opened again: the digest is the new file, not the one that is gone', async () => {
    const bytes = randomBytes(MIB);
    const hashed = await hashWhile((pause) => {
      if (pause > 0) return;
      writeFileSync(tree.at('/next'), bytes);
      renameSync(tree.at('/next'), tree.at('/file'));
    });
    expect(hashed).toMatchObject({ state: 'hashed', digest: sha256(bytes) });
  });

  it('leaves no descriptor open', async () => {
    const before = readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 5; i++)
      await hashWhile(() => {
        appendFileSync(tree.at('/file'), 'x');
      });
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 5);
  });
});

describe('what is no file', () => {
  it('is told as the walk tells it', async () => {
    expect(await hashBelow(tree.root, Buffer.from('/none'))).toEqual({ state: 'absent' });
    expect(await hashBelow(tree.root, Buffer.from('/'))).toEqual({ state: 'not-regular', fileType: 'directory' });
  });

  it('has no digest: a file of /proc, which its stat calls empty and which is not', async () => {
    expect(await hashBelow('/', Buffer.from('/proc/version'))).toMatchObject({ state: 'unreadable' });
  });
});

function overwrite(path: string): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, randomBytes(16), 0, 16, 100);
  closeSync(fd);
}
