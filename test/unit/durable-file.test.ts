import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDurably } from '@sealwatch/shared/runtime/durable-file.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-durable-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** In a process that may write no file longer than 1 KiB: what a full disk is like. */
function writeInLittleRoom(path: string, bytes: number): string {
  const module = join(import.meta.dirname, '../../shared/dist/runtime/durable-file.js');
  const script = `
    const { writeDurably } = await import(${JSON.stringify(module)});
    await writeDurably(${JSON.stringify(path)}, 'x'.repeat(${String(bytes)}), { mode: 0o600 })
      .then(() => console.log('written'), (error) => console.log(error.code + ': ' + error.message));`;
  const limited = 'ulimit -f 1; exec "$0" --input-type=module -e "$1"';
  return spawnSync('bash', ['-c', limited, process.execPath, script], { encoding: 'utf8' }).stdout.trim();
}

describe('a durable write', () => {
  it('says which file could not be written, and not which temporary one', async () => {
    const path = join(directory, 'missing', 'file');
    await expect(writeDurably(path, 'x', { mode: 0o600 })).rejects.toThrow(
      new RegExp(`^${path} can't be written: ENOENT: no such file or directory$`),
    );
  });

  it('leaves exactly the bytes and exactly the mode, whatever the umask', async () => {
    const path = join(directory, 'file');
    const umask = process.umask(0o077);
    try {
      await writeDurably(path, Buffer.from([0, 1, 255]), { mode: 0o644 });
    } finally {
      process.umask(umask);
    }
    expect(readFileSync(path)).toEqual(Buffer.from([0, 1, 255]));
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(readdirSync(directory)).toEqual(['file']);
  });

  it('replaces a file, and tightens its mode', async () => {
    const path = join(directory, 'file');
    writeFileSync(path, 'old', { mode: 0o666 });
    await writeDurably(path, 'new', { mode: 0o600 });
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('does not write through a link that stands in the place', async () => {
    const { symlinkSync, lstatSync } = await import('node:fs');
    const elsewhere = join(directory, 'elsewhere');
    writeFileSync(elsewhere, 'untouched');
    symlinkSync(elsewhere, join(directory, 'file'));
    await writeDurably(join(directory, 'file'), 'new', { mode: 0o600 });
    expect(readFileSync(elsewhere, 'utf8')).toBe('untouched');
    expect(lstatSync(join(directory, 'file')).isSymbolicLink()).toBe(false);
  });

  it('that may only create leaves an existing file alone and says so', async () => {
    const path = join(directory, 'key');
    await writeDurably(path, 'first', { mode: 0o600, existing: 'create' });
    await expect(writeDurably(path, 'second', { mode: 0o600, existing: 'create' })).rejects.toMatchObject({
      code: 'config.exists',
      message: expect.stringContaining(path) as unknown,
    });
    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(readdirSync(directory)).toEqual(['key']);
  });

  it('of many at once ends with one of them whole', async () => {
    const path = join(directory, 'file');
    const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(10_000));
    await Promise.all(texts.map((text) => writeDurably(path, text, { mode: 0o600 })));
    expect(texts).toContain(readFileSync(path, 'utf8'));
    expect(readdirSync(directory)).toEqual(['file']);
  });

  it('that finds no room says store.full, keeps the old file and leaves nothing behind', () => {
    const path = join(directory, 'file');
    writeFileSync(path, 'old');
    expect(writeInLittleRoom(path, 100)).toBe('written');
    writeFileSync(path, 'old');
    expect(writeInLittleRoom(path, 100_000)).toMatch(/^store\.full: no room to write .*file \(\w+\); free some space/);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(directory)).toEqual(['file']);
  });

  it('into a directory that is not there names the file', async () => {
    const path = join(directory, 'missing', 'file');
    await expect(writeDurably(path, 'x', { mode: 0o600 })).rejects.toMatchObject({
      code: 'store.unavailable',
      message: expect.stringContaining(path) as unknown,
    });
  });
});
