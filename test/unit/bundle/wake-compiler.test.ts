import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustRun } from '../../fakes/run-command.js';

const PROJECT = join(import.meta.dirname, '..', '..', '..');
const PACKAGED = ['--no-opt', '--no-sparkplug', '--no-maglev'];

/** Inflates what its argument says, stored in one byte, then works on numbers until any compiler would take notice. */
const WORKER = `
  import { gzipSync } from 'node:zlib';
  import { inflate } from '${PROJECT}/shared/src/image/compression/inflate.ts';
  const stored = { zstd: Buffer.from('28b52ffd200109000041', 'hex'), gzip: gzipSync('A') };
  async function* pieces(compression) { yield stored[compression]; }
  function busy(sum) { for (let i = 0; i < 10_000; i++) sum = (sum * 31 + i) | 0; return sum; }
  async function main(compression) {
    for await (const chunk of inflate(pieces(compression), compression)) console.log(Buffer.from(chunk).toString());
    let sum = 0;
    for (let i = 0; i < 2000; i++) sum = busy(sum);
  }
  void main(process.argv[2]);
`;

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-compiler-'));
  await build({
    stdin: { contents: WORKER, resolveDir: PROJECT },
    outfile: join(directory, 'worker.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    conditions: ['sealwatch-source'],
    logLevel: 'error',
  });
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('Node started without compilers, as the package of the agent does,', () => {
  /** What V8 says of its work. */
  const traceOf = async (compression: string): Promise<string> => {
    const argv = [process.execPath, ...PACKAGED, '--trace-opt', join(directory, 'worker.cjs'), compression];
    return (await mustRun(argv)).stdout;
  };

  it('compiles nothing for a layer in gzip, which is inflated natively', async () => {
    expect(await traceOf('gzip')).toBe('A\n');
  });

  it('compiles again once there is a layer in zstd, which is not', async () => {
    const trace = await traceOf('zstd');
    expect(trace).toMatch(/^A$/m);
    expect(trace).toMatch(/completed optimizing.*busy/);
  });
});
