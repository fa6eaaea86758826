/**
 * Hashing a 1 GiB set of files against openssl, sha256sum, AIDE and Node's default stream, side by side in turn, on
 * the built programs. What counts are the ratios; a busy machine moves the absolute figures.
 *
 * From the project's root, after `npm run build`:
 *   npx esbuild test/bench/hashing.bench.ts --format=esm | node --input-type=module -
 * RUNS=5, MIB=1024, COLD=1 (reads past the page cache, against dd) and SPARSE=1 (one sparse file of 5 GiB) change it.
 */
import { execFileSync, fork, spawnSync, type ChildProcess } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const RUNS = Number(process.env['RUNS'] ?? 5);
const MIB = Number(process.env['MIB'] ?? 1024);
/** As a host has them: a few large binaries, some small ones. */
const SIZES_MIB = [...(Array(6).fill(120) as number[]), ...(Array(8).fill(30) as number[])];

/** On a busy machine wall time tells of the others too; processor time hardly does. */
interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

interface WorkerAnswer extends Cost {
  readonly delayP99Ms: number;
  readonly worstDelayMs: number;
  readonly peakRssBytes: number;
  readonly digests: readonly string[];
}

const work = mkdtempSync(join(tmpdir(), 'sealwatch-bench-'));
const set = join(work, 'set');

function makeSet(): string[] {
  mkdirSync(set);
  const chunk = Buffer.alloc(1024 * 1024);
  let left = MIB;
  for (let i = 0; left > 0; i++) {
    const mib = Math.min(SIZES_MIB[i % SIZES_MIB.length] ?? 1, left);
    for (let n = 0; n < mib; n++) writeFileSync(join(set, `file-${String(i)}`), randomFillSync(chunk), { flag: 'a' });
    left -= mib;
  }
  return readdirSync(set).sort();
}

function worker(): ChildProcess {
  return fork(resolve('test/bench/hash-worker.mjs'), { stdio: 'inherit', execArgv: [] });
}

function ask(child: ChildProcess, name: string, root: string, paths: readonly string[]): Promise<WorkerAnswer> {
  return new Promise((done, fail) => {
    const ended = (): void => {
      fail(new Error('the worker ended'));
    };
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      done(answer as WorkerAnswer);
    });
    child.send({ root, paths, with: name });
  });
}

/** What a program costs that must succeed: bash's `times` knows its children's processor time. */
function timed(command: string, args: readonly string[]): Cost {
  const script = '"$@" > /dev/null; status=$?; times; exit $status';
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', command, ...args], { encoding: 'utf8' });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  const ofChildren = stdout.trim().split('\n').pop() ?? '';
  const seconds = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
  return { ms, cpuMs: 1000 * seconds.reduce((sum, one) => sum + one, 0) };
}

function aide(): (() => Cost) | undefined {
  if (spawnSync('aide', ['--version']).status === null) return undefined;
  const config = join(work, 'aide.conf');
  const lines = [
    `database_in=file:${work}/aide.db`,
    `database_out=file:${work}/aide.new`,
    'gzip_dbout=no',
    'log_level=error',
    'report_url=stdout',
    `${set} f sha256`,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  timed('aide', ['--config', config, '--init']);
  renameSync(join(work, 'aide.new'), join(work, 'aide.db'));
  return () => timed('aide', ['--config', config, '--check']);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function dropCache(files: readonly string[]): void {
  for (const file of files) execFileSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'status=none']);
}

function print(name: string, costs: readonly Cost[], ours: readonly Cost[]): void {
  const one = (key: keyof Cost): string => {
    const mine = median(ours.map((cost) => cost[key]));
    const its = median(costs.map((cost) => cost[key]));
    return `${((MIB / its) * 1000).toFixed(0).padStart(6)} MiB/s, sealwatch ${(its / mine).toFixed(2).padStart(5)}x`;
  };
  console.log(`${name.padEnd(10)} wall ${one('ms')}   processor ${one('cpuMs')}`);
}

try {
  const names = makeSet();
  const files = names.map((name) => join(set, name));
  const ours = worker();
  const stream = worker();
  const checkAide = aide();
  const costs: Record<string, Cost[]> = { ours: [], openssl: [], sha256sum: [], aide: [], stream: [] };
  const delays: number[] = [];
  let worstDelayMs = 0;
  let peakRssBytes = 0;
  const expected = execFileSync('openssl', ['dgst', '-sha256', '-r', ...files], { encoding: 'utf8' });
  for (let run = 0; run <= RUNS; run++) {
    const answer = await ask(ours, 'sealwatch', set, names);
    if (
      answer.digests.join() !==
      expected
        .trim()
        .split('\n')
        .map((line) => line.slice(0, 64))
        .join()
    ) {
      throw new Error('other digests than openssl');
    }
    const round: Record<string, Cost | undefined> = {
      ours: answer,
      openssl: timed('openssl', ['dgst', '-sha256', ...files]),
      sha256sum: timed('sha256sum', files),
      aide: checkAide?.(),
      stream: await ask(stream, 'stream', set, names),
    };
    if (run === 0) continue; // warms the cache and the processes
    for (const [name, value] of Object.entries(round)) if (value !== undefined) costs[name]?.push(value);
    delays.push(answer.delayP99Ms);
    worstDelayMs = Math.max(worstDelayMs, answer.worstDelayMs);
    peakRssBytes = Math.max(peakRssBytes, answer.peakRssBytes);
  }
  console.log(`${String(MIB)} MiB in ${String(names.length)} files, warm cache, medians of ${String(RUNS)} runs`);
  const ofOurs = costs['ours'] ?? [];
  for (const [name, values] of Object.entries(costs)) {
    if (values.length > 0) print(name, values, ofOurs);
    else console.log(`${name.padEnd(10)} not installed`);
  }
  console.log(
    `peak RSS ${(peakRssBytes / 2 ** 20).toFixed(1)} MiB, ` +
      `loop delay p99 ${median(delays).toFixed(1)} ms, worst ${worstDelayMs.toFixed(1)} ms`,
  );

  if (process.env['COLD'] === '1') {
    const cold: Record<string, Cost[]> = { ours: [], dd: [], openssl: [] };
    for (let run = 0; run < RUNS; run++) {
      dropCache(files);
      cold['ours']?.push(await ask(ours, 'sealwatch', set, names));
      dropCache(files);
      cold['dd']?.push(timed('sh', ['-c', 'for file; do dd if="$file" of=/dev/null bs=1M; done', 'sh', ...files]));
      dropCache(files);
      cold['openssl']?.push(timed('openssl', ['dgst', '-sha256', ...files]));
    }
    console.log('cold cache');
    for (const [name, values] of Object.entries(cold)) print(name, values, cold['ours'] ?? []);
  }

  if (process.env['SPARSE'] === '1') {
    const sparse = join(work, 'sparse');
    writeFileSync(sparse, '');
    truncateSync(sparse, 5 * 2 ** 30);
    const answer = await ask(ours, 'sealwatch', work, ['sparse']);
    const digest = execFileSync('openssl', ['dgst', '-sha256', '-r', sparse], { encoding: 'utf8' }).slice(0, 64);
    if (answer.digests[0] !== digest) throw new Error('another digest than openssl');
    const rss = (answer.peakRssBytes / 2 ** 20).toFixed(1);
    console.log(
      `5 GiB sparse: ${(answer.ms / 1000).toFixed(1)} s, peak RSS ${rss} MiB, worst loop delay ${answer.worstDelayMs.toFixed(1)} ms`,
    );
  }
  for (const child of [ours, stream]) child.disconnect();
} finally {
  rmSync(work, { recursive: true });
}
