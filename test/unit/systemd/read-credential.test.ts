import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCredential } from '@sealwatch/collector/state/read-credential.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mustRun } from '../../fakes/run-command.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-credentials-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function handOver(mode: number): void {
  writeFileSync(join(directory, 'tls.key'), 'secret');
  chmodSync(join(directory, 'tls.key'), mode);
}

it.each([
  ['0400', 0o400],
  ['0440', 0o440],
])('what systemd hands over is read, with mode %s', async (_, mode) => {
  handOver(mode);
  expect((await readCredential(directory, 'tls.key'))?.toString()).toBe('secret');
});

it('nothing was handed over: by nobody, under another name, in no place', async () => {
  handOver(0o400);
  expect(await readCredential(null, 'tls.key')).toBeUndefined();
  expect(await readCredential('', 'tls.key')).toBeUndefined();
  expect(await readCredential(directory, 'issuing-ca.key')).toBeUndefined();
});

it('one that others can read is refused', async () => {
  handOver(0o444);
  await expect(readCredential(directory, 'tls.key')).rejects.toMatchObject({ code: 'file.too-permissive' });
});

it('what is no file, or too large for a secret, is refused at once', async () => {
  await mustRun(['mkfifo', join(directory, 'tls.key')]);
  await expect(readCredential(directory, 'tls.key')).rejects.toMatchObject({ code: 'file.unreadable' });
  writeFileSync(join(directory, 'issuing-ca.key'), Buffer.alloc(100_000), { mode: 0o400 });
  await expect(readCredential(directory, 'issuing-ca.key')).rejects.toMatchObject({ code: 'file.unreadable' });
});
