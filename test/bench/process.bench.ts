/**
 * The text of a running program beside its file: ours against the two reads alone, which nothing can undercut, and
 * against cmp on two files of the same bytes. Then one whole cycle over 500 processes.
 *
 * From the project's root, on Linux:
 *   npx esbuild test/bench/process.bench.ts --bundle --platform=node --format=esm --conditions=sealwatch-source \
 *     --log-level=error | node --input-type=module -
 * RUNS=15 and PROCESSES=500 change it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareText } from '../../agent/src/measure/process/compare-text.js';
import { newCycleMemory } from '../../agent/src/measure/process/cycle-memory.js';
import { findProcesses } from '../../agent/src/measure/process/find-processes.js';
import { measureProcess } from '../../agent/src/measure/process/measure-process.js';
import { parseExecutableMappings } from '../../shared/src/proc/executable-mappings.js';

const RUNS = Number(process.env['RUNS'] ?? 15);
const PROCESSES = Number(process.env['PROCESSES'] ?? 500);
const SLICE = 256 * 1024;

const work = mkdtempSync(join(tmpdir(), 'sealwatch-bench-'));
const children: ChildProcess[] = [];

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function timed(act: () => Promise<void> | void): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

function start(command: string, ...args: string[]): number {
  const child = spawn(command, args, { stdio: 'ignore' });
  children.push(child);
  return child.pid ?? -1;
}

const settled = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function text(): Promise<void> {
  const pid = start(process.execPath, '-e', 'setInterval(() => {}, 1e6)');
  await settled(500);
  const mappings = (parseExecutableMappings(readFileSync(`/proc/${String(pid)}/maps`)) ?? []).filter(
    ({ name, inode }) => inode !== 0n && name.toString() === process.execPath,
  );
  const bytes = mappings.reduce((sum, { start: from, end }) => sum + Number(end - from), 0);
  const memory = openSync(`/proc/${String(pid)}/mem`, 'r');
  const fd = openSync(`/proc/${String(pid)}/exe`, 'r');
  const size = fstatSync(fd, { bigint: true }).size;
  copyFileSync(process.execPath, join(work, 'copy'));
  const [a, b] = [Buffer.allocUnsafeSlow(SLICE), Buffer.allocUnsafeSlow(SLICE)];

  const reads = (): void => {
    for (const { start: from, end, offset } of mappings) {
      for (let at = 0n; from + at < end; at += BigInt(SLICE)) {
        const wanted = Math.min(SLICE, Number(end - from - at));
        readSync(memory, a, 0, wanted, from + at);
        readSync(fd, b, 0, wanted, offset + at);
      }
    }
  };
  const ours = async (): Promise<void> => {
    for (const mapping of mappings) {
      if ((await compareText(memory, { fd, size }, mapping)) !== null) throw new Error('a difference');
    }
  };
  const cmp = (): void => {
    const { status } = spawnSync('cmp', ['-n', String(bytes), process.execPath, join(work, 'copy')]);
    if (status !== 0) throw new Error('cmp differs or is not installed');
  };
  const costs: Record<string, number[]> = { 'both reads alone': [], sealwatch: [], 'cmp of two files': [] };
  for (let run = 0; run <= RUNS; run++) {
    const round = [await timed(reads), await timed(ours), await timed(cmp)];
    if (run === 0) continue; // warms the cache
    for (const [i, values] of Object.values(costs).entries()) values.push(round[i] ?? Number.NaN);
  }
  closeSync(memory);
  closeSync(fd);
  const mib = bytes / 2 ** 20;
  console.log(`${mib.toFixed(1)} MiB of text, medians of ${String(RUNS)} runs`);
  for (const [name, values] of Object.entries(costs)) {
    const ms = median(values);
    const speed = `${((mib / ms) * 1000).toFixed(0).padStart(6)} MiB/s`;
    const per50 = `${((50e6 / bytes) * ms).toFixed(1).padStart(6)} ms per 50 MB`;
    console.log(
      `${name.padEnd(17)} ${speed} ${per50}, sealwatch ${(ms / median(costs['sealwatch'] ?? [])).toFixed(2)}x`,
    );
  }
}

async function cycle(): Promise<void> {
  const procRoot = join(work, 'proc');
  spawnSync('mkdir', [procRoot]);
  symlinkSync(`/proc/${String(process.pid)}`, join(procRoot, '1'));
  for (let i = 0; i < PROCESSES; i++) {
    const pid = start('/bin/sleep', '1000');
    symlinkSync(`/proc/${String(pid)}`, join(procRoot, String(pid)));
  }
  await settled(500);
  const wanted = [{ component: 'sleep', executables: ['/bin/sleep', '/usr/bin/sleep'], units: ['kubelet.service'] }];
  const found: number[] = [];
  const measured: number[] = [];
  let files = 0;
  for (let run = 0; run <= 5; run++) {
    const memory = newCycleMemory();
    let processes: Awaited<ReturnType<typeof findProcesses>>['found'] = [];
    const findMs = await timed(async () => {
      ({ found: processes } = await findProcesses({ procRoot, hostRoot: '/', wanted }));
    });
    if (processes.length !== PROCESSES) throw new Error(`only ${String(processes.length)} were found`);
    files = 0;
    const measureMs = await timed(async () => {
      for (const { process: identity } of processes) {
        const seen = await measureProcess({ process: identity, procRoot, hostRoot: '/', memory });
        if (seen.state !== 'running') throw new Error(JSON.stringify(seen));
        files += seen.facts.files.length;
      }
    });
    if (run === 0) continue;
    found.push(findMs);
    measured.push(measureMs);
  }
  console.log(
    `one cycle, ${String(PROCESSES)} processes with ${String(files)} mapped files: found in ${median(found).toFixed(0)} ms, ` +
      `measured in ${median(measured).toFixed(0)} ms; of ${String(readdirSync('/proc').filter((n) => /^\d/.test(n)).length)} ` +
      `processes on the machine; peak RSS ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`,
  );
}

try {
  await text();
  await cycle();
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(work, { recursive: true });
}
