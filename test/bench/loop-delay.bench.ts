/**
 * How long the agent's event loop waits for the work of a scan, path by path, and what a background scan under the
 * budget costs. On a busy machine wall time tells of the others too: processor time between two turns does not.
 *
 * From the project's root, on Linux, as root if all of /usr is to be read:
 *   npx esbuild test/bench/loop-delay.bench.ts --bundle --platform=node --format=esm --conditions=sealwatch-source \
 *     --external:yaml --log-level=error | node --input-type=module -
 * MIB=1024 (of files), CPU=10 (percent), READ=50 (MiB a second), PRESSURE=off (the budget is not told of any) and ONLY=name
 * (files, platform, binaries, processes, layer, bodies, budget) change it.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { Budget } from '../../agent/src/budget/budget.js';
import { measurePlatform } from '../../agent/src/measure/platform/measure-platform.js';
import { newCycleMemory } from '../../agent/src/measure/process/cycle-memory.js';
import { identifyProcess } from '../../agent/src/measure/process/identify-process.js';
import { measureProcess } from '../../agent/src/measure/process/measure-process.js';
import { analyzeBinary } from '../../shared/src/binary/analyze-binary.js';
import { descriptorSource } from '../../shared/src/binary/elf/descriptor-source.js';
import { type Digest, sha256 } from '../../shared/src/hashing/digest.js';
import { measureFile } from '../../shared/src/hashing/measure-file.js';
import { verifyLayer } from '../../shared/src/image/closure/verify-layer.js';
import { readRange } from '../../shared/src/image/source/read-range.js';
import { encodeMeasurement } from '../../shared/src/measurement/measurement-body.js';
import type { ProcessMeasurement } from '../../shared/src/measurement/process-measurement.js';
import { systemClock } from '../../shared/src/runtime/clock.js';

const MIB = Number(process.env['MIB'] ?? 1024);
const CPU = Number(process.env['CPU'] ?? 10);
const READ = Number(process.env['READ'] ?? 50);
const RESOLUTION_MS = 1;

const work = mkdtempSync(join(tmpdir(), 'sealwatch-loop-'));
const children: ChildProcess[] = [];

interface Options {
  readonly pause: () => Promise<void>;
  readonly onBytes: (bytes: number) => void;
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const quantile = (values: readonly number[], q: number): string =>
  ([...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? NaN).toFixed(1);

const distribution = (values: readonly number[]): string =>
  `p50 ${quantile(values, 0.5)}, p99 ${quantile(values, 0.99)}, worst ${quantile(values, 1)} ms`;

/** Everything between two pauses is one slice: what awaits something else in between looks longer than it is. */
async function slices(name: string, act: (options: Options) => Promise<unknown>): Promise<void> {
  if (process.env['ONLY'] !== undefined && process.env['ONLY'] !== name) return;
  const wall: number[] = [];
  const cpu: number[] = [];
  let [wallAt, cpuAt] = [performance.now(), cpuMs()];
  const slice = (): void => {
    wall.push(performance.now() - wallAt);
    cpu.push(cpuMs() - cpuAt);
  };
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  await act({
    pause: async () => {
      slice();
      await new Promise((resolve) => setImmediate(resolve));
      [wallAt, cpuAt] = [performance.now(), cpuMs()];
    },
    onBytes: () => undefined,
  });
  slice();
  delay.disable();
  const loop = `p99 ${(delay.percentile(99) / 1e6 - RESOLUTION_MS).toFixed(1)}, worst ${(delay.max / 1e6 - RESOLUTION_MS).toFixed(1)} ms`;
  console.log(`${name.padEnd(12)} ${String(wall.length).padStart(6)} slices`);
  console.log(`  wall ${distribution(wall)}; processor ${distribution(cpu)}; loop delay ${loop}`);
}

function makeFiles(): string[] {
  const chunk = Buffer.alloc(2 ** 20);
  const names: string[] = [];
  for (let left = MIB; left > 0; left -= 128) {
    const name = join(work, `file-${String(names.length)}`);
    for (let mib = 0; mib < Math.min(128, left); mib++) writeFileSync(name, randomFillSync(chunk), { flag: 'a' });
    names.push(name);
  }
  return names;
}

async function readFiles(names: readonly string[], options: Options): Promise<void> {
  for (const path of names) await measureFile('/', { kind: 'file', component: 'bench', path }, options);
}

async function readBinaries(paths: readonly string[], options: Options): Promise<void> {
  for (const path of paths) {
    const fd = openSync(path, 'r');
    await analyzeBinary(descriptorSource(fd, fstatSync(fd).size, options));
    closeSync(fd);
  }
}

/** The largest programs of this machine. */
function largeBinaries(): string[] {
  const find = 'find /usr/bin /usr/sbin /usr/lib /usr/local/bin -xdev -type f -perm -100 -size +2M -printf "%s %p\\n"';
  return execFileSync('bash', ['-c', `${find} 2>/dev/null | sort -rn | head -40 | cut -d' ' -f2-`], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .concat(process.execPath);
}

async function readProcesses(options: Options): Promise<void> {
  const memory = newCycleMemory();
  for (const { pid } of children) {
    const identity = identifyProcess('/proc', pid ?? 0);
    if (identity === undefined) throw new Error('a process ended');
    await measureProcess({ process: identity, procRoot: '/proc', hostRoot: '/', memory, ...options });
  }
}

async function readLayer(file: string, digest: Digest, diffId: Digest, options: Options): Promise<void> {
  const { size } = statSync(file);
  const fd = openSync(file, 'r');
  const source = {
    size: () => Promise.resolve(size),
    read: (_: string, limit: number) => readRange(fd, 0, limit),
  };
  const found = await verifyLayer(
    source,
    {
      key: digest,
      digest,
      size,
      compression: 'gzip',
      diffId,
      maxUncompressedSize: 2 ** 40,
    },
    options,
  );
  closeSync(fd);
  if (found.state !== 'ok') throw new Error(JSON.stringify(found));
}

/** As large as a body may be. */
function largeMeasurement(): ProcessMeasurement {
  const blind = Array.from({ length: 1000 }, (_, i) => `${String(i)} ${'x'.repeat(480)}`);
  return { subject: { kind: 'process', component: 'bench' }, observed: { state: 'seen', processes: [], blind } };
}

const CALM = { source: 'unknown', cpu: null, io: null, memory: null } as const;
/** The finer, the more of the processor time counted is its own. */
const BUDGET_RESOLUTION_MS = 20;

async function underBudget(names: readonly string[]): Promise<void> {
  const budget = new Budget({
    limits: { cpuShare: CPU / 100, bytesPerSecond: READ * 2 ** 20 },
    clock: systemClock,
    ...(process.env['PRESSURE'] === 'off' ? { pressure: () => CALM } : {}),
  });
  for (const round of ['first', 'paced'] as const) {
    const delay = monitorEventLoopDelay({ resolution: BUDGET_RESOLUTION_MS });
    const scan = budget.begin({ urgent: false, intervalMs: 86_400_000 });
    let bytes = 0;
    const [from, cpuFrom] = [performance.now(), cpuMs()];
    delay.enable();
    await readFiles(names, {
      pause: scan.pause,
      onBytes: (read) => {
        bytes += read;
        scan.read(read);
      },
    });
    delay.disable();
    scan.done();
    const [ms, cpu] = [performance.now() - from, cpuMs() - cpuFrom];
    console.log(
      `${round.padEnd(12)} ${(bytes / 2 ** 20).toFixed(0)} MiB in ${(ms / 1000).toFixed(1)} s, ` +
        `${((cpu / ms) * 100).toFixed(1)}% of a core, ${((bytes / 2 ** 20 / ms) * 1000).toFixed(1)} MiB/s; loop delay ` +
        `p50 ${(delay.percentile(50) / 1e6 - BUDGET_RESOLUTION_MS).toFixed(1)}, p99 ${(delay.percentile(99) / 1e6 - BUDGET_RESOLUTION_MS).toFixed(1)}, ` +
        `worst ${(delay.max / 1e6 - BUDGET_RESOLUTION_MS).toFixed(1)} ms`,
    );
    console.log(`  ${JSON.stringify(scan.spent())}`);
  }
}

try {
  const names = makeFiles();
  for (let i = 0; i < 20; i++) {
    children.push(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' }));
  }
  await slices('files', (options) => readFiles(names, options));
  await slices('platform', (options) => measurePlatform('/', options));
  const binaries = largeBinaries();
  await slices('binaries', (options) => readBinaries(binaries, options));
  await slices('processes', (options) => readProcesses(options));
  const layer = readFileSync(process.execPath);
  const file = join(work, 'layer.gz');
  const stored = gzipSync(layer);
  writeFileSync(file, stored);
  const digests = [sha256(stored), sha256(layer)] as const;
  await slices('layer', (options) => readLayer(file, ...digests, options));
  const large = largeMeasurement();
  await slices('bodies', async ({ pause }) => {
    for (let i = 0; i < 50; i++) {
      const { bytes } = encodeMeasurement(large);
      await pause();
      if (i === 0) console.log(`  a body of ${String(bytes.length)} bytes`);
    }
  });
  if (process.env['ONLY'] === undefined || process.env['ONLY'] === 'budget') await underBudget(names);
} finally {
  for (const child of children) child.kill();
  rmSync(work, { recursive: true });
}
