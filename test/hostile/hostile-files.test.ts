import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentProgram } from '@sealwatch/agent/cli/program.js';
import { sealwatchProgram } from '@sealwatch/collector/cli/program.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturedIo } from '../fakes/captured-io.js';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-hostile-'));
  execFileSync('mkfifo', [join(directory, 'fifo')]);
  symlinkSync('/dev/zero', join(directory, 'zero'));
  symlinkSync('loop', join(directory, 'loop'));
  mkdirSync(join(directory, 'directory'));
  writeFileSync(join(directory, 'huge'), '', { mode: 0o600 });
  truncateSync(join(directory, 'huge'), 5 * 1024 ** 3);
  for (const [name, text] of Object.entries(TEXTS)) writeFileSync(join(directory, name), text, { mode: 0o600 });
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const TEXTS: Readonly<Record<string, string>> = {
  'aliases that multiply': [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefghi'.split('').map(
      (name, i) =>
        `${name}: &${name} [${Array(9)
          .fill(`*${'abcdefghi'.charAt(i)}`)
          .join()}]`,
    ),
  ].join('\n'),
  'sixty thousand brackets': `a: ${'['.repeat(60_000)}`,
  'brackets that close': `a: ${'['.repeat(30_000)}${']'.repeat(30_000)}`,
  'lists in lists': '- '.repeat(30_000),
  'maps in maps': '{a: '.repeat(15_000),
  'a text without end': `"${'\\x41'.repeat(15_000)}`,
  'thousands of keys': Array.from({ length: 6_000 }, (_, i) => `k${String(i)}: 1`).join('\n'),
  'a tag that runs code': '!!js/function a: 1',
  'not UTF-8 text': 'a: \u0000\ufffe',
};

const NO_FILES = ['fifo', 'zero', 'loop', 'directory', 'huge', 'missing'];

interface Outcome {
  readonly status: number;
  readonly stderr: string;
  readonly ms: number;
}

async function run(which: 'agent' | 'sealwatch', ...args: string[]): Promise<Outcome> {
  const io = capturedIo({ cwd: directory });
  const started = performance.now();
  const status = await runProgram(which === 'agent' ? agentProgram(io) : sealwatchProgram(io), args, io);
  return { status, stderr: io.stderr, ms: performance.now() - started };
}

/** Refused as wrong usage, quickly, in words. */
function expectRefusal({ status, stderr, ms }: Outcome): void {
  expect(status).toBe(2);
  expect(stderr).toMatch(/^sealwatch(-agent)?: /);
  expect(stderr).not.toContain('internal');
  expect(ms).toBeLessThan(5_000);
}

describe.each(NO_FILES)('what is no file of ours (%s) is refused at once as', (file) => {
  it.each<[string, 'agent' | 'sealwatch', (path: string) => string[]]>([
    ['the agent’s settings', 'agent', (path) => ['run', '--config', path, '--state-dir', 'state']],
    ['an enrolment bundle', 'agent', (path) => ['enroll', '--bundle', path, '--state-dir', 'state']],
    ['a manifest', 'agent', (path) => ['verify', '--manifest', path, '--publisher-key', path]],
    ['a public key', 'sealwatch', (path) => ['manifest', 'verify', path, '--publisher-key', path]],
    [
      'a private key',
      'sealwatch',
      (path) => ['manifest', 'create', '--id', 'x', '--component', 'a=/x', '--key', path, '--out', 'o'],
    ],
  ])('%s', async (_, which, args) => {
    expectRefusal(await run(which, ...args(file)));
  });
});

it.each(Object.keys(TEXTS))('settings with %s are refused at once', async (name) => {
  expectRefusal(await run('agent', 'run', '--config', name, '--state-dir', 'state'));
});

it('nothing that is refused writes on the terminal what it was given', async () => {
  const { stderr, status } = await run('sealwatch', 'che\u001b[2K\r[OK]ck');
  expect(status).toBe(2);
  expect(stderr).toContain('che\\x1b[2K\\x0d[OK]ck');
  expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});
