import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSmallFile } from '@sealwatch/agent/measure/host/read-small-file.js';
import { afterAll, beforeAll, expect, it } from 'vitest';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sealwatch-small-file-'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

function write(name: string, length: number): Buffer {
  const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) % 256));
  writeFileSync(join(root, name), bytes);
  return bytes;
}

it.each([0, 1, 65_535, 65_536, 65_537, 262_144, 300_000])('%i bytes are read as they are', async (length) => {
  const bytes = write('file', length);
  const read = await readSmallFile(root, '/file', 16 * 1024 * 1024);
  expect(read.state === 'read' && read.bytes.equals(bytes)).toBe(true);
});

it.each([10, 65_536, 200_000])('a file may hold %i bytes if it is told so, and not one more', async (most) => {
  write('exact', most);
  write('over', most + 1);
  expect(await readSmallFile(root, '/exact', most)).toMatchObject({ state: 'read' });
  expect(await readSmallFile(root, '/over', most)).toEqual({
    state: 'unreadable',
    reason: `larger than ${String(most)} bytes`,
  });
});

it('what was read stays as it was while other files are read', async () => {
  const first = write('first', 5000);
  const read = await readSmallFile(root, '/first', 10_000);
  write('second', 3000);
  await readSmallFile(root, '/second', 10_000);
  expect(read.state === 'read' && read.bytes.equals(first)).toBe(true);
});
