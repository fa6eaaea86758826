import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { ensurePrivateDirectory, readPrivateFile, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-private-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    return isCoded(error) ? error.code : String(error);
  }
}

describe('a private file', () => {
  it('is written 0600 and read back', async () => {
    const path = join(directory, 'key');
    await writePrivateFile(path, 'secret');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await readPrivateFile(path)).toString()).toBe('secret');
  });

  it.each([0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o660, 0o644, 0o777])('is refused with mode %o', async (mode) => {
    const path = join(directory, 'key');
    await writePrivateFile(path, 'secret');
    chmodSync(path, mode);
    await expect(readPrivateFile(path)).rejects.toMatchObject({
      code: 'file.too-permissive',
      message: `${path} has mode 0${mode.toString(8)}, open to others than its owner; chmod 600 it`,
    });
  });

  it.each([0o400, 0o600, 0o700])('is read with mode %o', async (mode) => {
    const path = join(directory, 'key');
    await writePrivateFile(path, 'secret');
    chmodSync(path, mode);
    expect((await readPrivateFile(path)).toString()).toBe('secret');
  });

  it('is refused if somebody else owns it', async () => {
    let path = '/etc/passwd';
    if (process.geteuid?.() === 0) {
      path = join(directory, 'key');
      await writePrivateFile(path, 'secret');
      chownSync(path, 12345, 12345);
    }
    await expect(readPrivateFile(path)).rejects.toMatchObject({
      code: 'file.too-permissive',
      message: expect.stringMatching(/belongs to user \d+, not to user \d+/) as unknown,
    });
  });

  it('is judged by what a link leads to', async () => {
    const path = join(directory, 'key');
    await writePrivateFile(path, 'secret');
    chmodSync(path, 0o644);
    symlinkSync(path, join(directory, 'link'));
    expect(await codeOf(readPrivateFile(join(directory, 'link')))).toBe('file.too-permissive');
  });

  it('is no FIFO, and a FIFO does not block', async () => {
    const path = join(directory, 'fifo');
    expect(spawnSync('mkfifo', ['-m', '600', path]).status).toBe(0);
    expect(await codeOf(readPrivateFile(path))).toBe('file.unreadable');
  });

  it('that is missing is named', async () => {
    await expect(readPrivateFile(join(directory, 'none'))).rejects.toMatchObject({
      code: 'file.unreadable',
      message: expect.stringContaining(join(directory, 'none')) as unknown,
    });
  });
});

describe('a private directory', () => {
  it('is made 0700 with its parents', async () => {
    await ensurePrivateDirectory(join(directory, 'a', 'b'));
    expect(statSync(join(directory, 'a')).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'a', 'b')).mode & 0o777).toBe(0o700);
    await ensurePrivateDirectory(join(directory, 'a', 'b'));
  });

  it.each([0o750, 0o705, 0o711, 0o777])('is refused with mode %o', async (mode) => {
    const path = join(directory, 'open');
    mkdirSync(path);
    chmodSync(path, mode);
    await expect(ensurePrivateDirectory(path)).rejects.toMatchObject({
      code: 'file.too-permissive',
      message: `${path} has mode 0${mode.toString(8)}, open to others than its owner; chmod 700 it`,
    });
  });

  it('is not made where a file stands', async () => {
    writeFileSync(join(directory, 'file'), '');
    expect(await codeOf(ensurePrivateDirectory(join(directory, 'file')))).toBe('store.unavailable');
  });
});
