/**
 * From a byte written into a component's file to the verdict at the collector, by the size of the file, beside what
 * hashing alone takes (openssl, the same file, in the same run) and what the next look of AIDE would: one check of the
 * directory. A real agent and collector; no scan comes by.
 *
 * From the project's root, as root on Linux, after a build:
 *   npx esbuild test/bench/latency.bench.ts --bundle --platform=node --format=esm --packages=external \
 *     --define:import.meta.dirname="'$PWD/test/fakes'" --log-level=error | node --input-type=module -
 * ROUNDS=24 (per size), MIB=4,50,120 change it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { flipByte } from '../fakes/flip-byte.js';
import { TestCluster } from '../fakes/test-cluster.js';
import { PostureRecord } from '../tamper/posture-record.js';

const ROUNDS = Number(process.env['ROUNDS'] ?? 24);
const SIZES = (process.env['MIB'] ?? '4,50,120').split(',').map(Number);
/** Of each size; none is changed so often that its looks are put off. */
const COPIES = 2;
const TIMEOUT_MS = 60_000;

const files = mkdtempSync(join(tmpdir(), 'sealwatch-latency-'));
const components = SIZES.flatMap((mib) =>
  Array.from({ length: COPIES }, (_, i) => {
    const name = `component-${String(mib)}-${String(i)}`;
    const path = join(files, name);
    writeFileSync(path, randomFillSync(Buffer.alloc(mib * 1024 * 1024)), { mode: 0o755 });
    return { name, path, mib };
  }),
);
const cluster = await TestCluster.create({
  hosts: ['alpha'],
  components,
  settings: { 'policy.scanInterval': '1h', 'policy.evidenceMaxAge': '2h', 'policy.require': ['file', 'host'] },
});
try {
  await cluster.startAgents();
  const record = await PostureRecord.open(cluster.directory);
  await record.compliant('alpha', TIMEOUT_MS);
  for (const mib of SIZES) {
    const named = components.filter((component) => component.mib === mib).map(({ name }) => name);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const file = cluster.file('alpha', named[round % named.length]);
      for (const verdict of ['noncompliant', 'compliant']) {
        const since = performance.now();
        flipByte(file);
        const { at } = await record.first(since, 'alpha', verdict, (seen) => seen.verdict === verdict, TIMEOUT_MS);
        times.push(at - since);
        // far apart, as changes are: what comes at once is gathered
        await sleep(1500);
      }
    }
    const hashed = hashingMs(cluster.file('alpha', named[0]));
    const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
    console.log(
      `${String(mib).padStart(4)} MiB: verdict p50 ${ms(p50)}, p99 ${ms(p99)} of ${String(times.length)}; ` +
        `openssl dgst alone ${ms(hashed)}: ${(p50 / hashed).toFixed(2)}x; one aide --check of its directory ${aide(file(mib))}`,
    );
  }
  await record.close();
} finally {
  await cluster.dispose();
  rmSync(files, { recursive: true, force: true });
}

function file(mib: number): string {
  return cluster.file('alpha', components.find((component) => component.mib === mib)?.name);
}

/** Median of five. */
function hashingMs(path: string): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    execFileSync('openssl', ['dgst', '-sha256', path], { stdio: 'ignore' });
    return performance.now() - started;
  });
  return percentile(times, 0.5);
}

/** AIDE of that one file, with its contents. */
function aide(path: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'sealwatch-aide-'));
  try {
    const config = join(directory, 'aide.conf');
    const database = join(directory, 'db');
    writeFileSync(config, `database_in=file:${database}\ndatabase_out=file:${database}\n${path} sha256+s+p+u+g\n`);
    if (spawnSync('aide', ['--init', '--config', config]).status !== 0) return 'not to be had';
    const started = performance.now();
    spawnSync('aide', ['--check', '--config', config]);
    return ms(performance.now() - started);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
