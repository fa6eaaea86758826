import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';
import { mustRun } from '../fakes/run-command.js';
import { FULL } from './length.js';

const ROOT = join(import.meta.dirname, '..', '..');

it('hashing beside openssl and AIDE, on the same set of files in one run', async () => {
  const { outputFiles } = buildSync({
    entryPoints: [join(ROOT, 'test', 'bench', 'hashing.bench.ts')],
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const size = FULL ? { RUNS: '5', MIB: '1024' } : { RUNS: '3', MIB: '96' };
  const { stdout } = await mustRun([process.execPath, '--input-type=module', '-'], {
    cwd: ROOT,
    env: { ...process.env, ...size },
    input: outputFiles[0]?.text ?? '',
    timeoutMs: 3_600_000,
  });
  console.log(stdout);
  // no timed assertion: the run itself compares the digests of all hashers, and says what was missing
  expect(stdout).toContain('openssl');
}, 3_600_000);
