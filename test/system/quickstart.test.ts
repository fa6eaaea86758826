import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mustRun, runCommand } from '../fakes/run-command.js';

const ROOT = join(import.meta.dirname, '..', '..');
let clone: string;

beforeAll(async () => {
  clone = join(mkdtempSync(join(tmpdir(), 'sealwatch-quickstart-')), 'sealwatch');
  await mustRun(['git', 'clone', '--quiet', ROOT, clone]);
});

afterAll(() => {
  rmSync(join(clone, '..'), { recursive: true, force: true });
});

it('the README’s first command works from a fresh clone, says first that it is a demonstration, and leaves nothing running', async () => {
  const { status, stdout, stderr } = await runCommand(['npm', 'run', '--silent', 'quickstart', '--', '--once'], {
    cwd: clone,
    timeoutMs: 600_000,
  });
  expect([status, stderr.includes('Error')]).toEqual([0, false]);
  expect(stdout).toMatch(/^DEMONSTRATION POLICY/);
  expect(stdout).toMatch(/\[file\] Signature Validated +\[OK\]/);
  expect(stdout).toContain('Hosts answered: 1 of 1 declared');
  expect(existsSync(join(clone, 'quickstart-cluster', 'cluster.yaml'))).toBe(true);
  const { stdout: processes } = await runCommand(['ps', '-eo', 'args']);
  expect(processes.split('\n').filter((line) => line.includes(clone))).toEqual([]);
}, 700_000);
