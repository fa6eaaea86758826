/**
 * What watching costs: from an event to what is said, the polls, the memory. Alone in its namespaces, so that only its
 * own mounts and processes count; needs root. After a build:
 *   unshare --mount --pid --fork --mount-proc node --expose-gc test/bench/watch.bench.mjs
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync, appendFileSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileWatch } from '../../agent/dist/watch/file-watch.js';
import { MountWatch } from '../../agent/dist/watch/mount-watch.js';
import { TableReader } from '../../agent/dist/watch/table-reader.js';
import { ProcessStarts } from '../../agent/dist/watch/process-starts.js';

const PATHS = 200;
const MOUNTS = 1500;
const PROCESSES = 500;
const SECONDS = 20;

const clock = { wall: () => Date.now(), monotonic: () => performance.now() };
const log = { warn: console.error, info: console.error, error: console.error };
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
/** CPU milliseconds per second of waiting. */
async function idle(seconds) {
  const began = cpuMs();
  await pause(seconds * 1000);
  return (cpuMs() - began) / seconds;
}
const percent = (msPerSecond) => `${(msPerSecond / 10).toFixed(3)} % of a core`;

// a watch keeps no program alive
const alive = setInterval(() => undefined, 60_000);
const root = mkdtempSync(join(tmpdir(), 'sealwatch-watch-'));
const children = [];
try {
  console.log(`nothing: ${percent(await idle(SECONDS))}`);
  await files();
  await mounts();
  await processes();
} finally {
  clearInterval(alive);
  for (const child of children) child.kill('SIGKILL');
  execFileSync('sh', ['-c', 'umount -l "$0"/mounts 2>/dev/null; rm -rf "$0"', root]);
}

async function files() {
  const paths = Array.from({ length: PATHS }, (_, i) => `/d${i % 8}/program-${i}`);
  for (const path of paths) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), 'x');
  }
  globalThis.gc?.();
  const before = process.memoryUsage();
  let said = () => undefined;
  const watch = new FileWatch({ hostRoot: root, onDisturbed: () => said(), clock, log });
  const list = paths.map((path, i) => ({ path, disturbs: [{ kind: 'files', components: [`c${i}`] }] }));
  const began = cpuMs();
  await watch.follow(list);
  const first = cpuMs() - began;
  const again = performance.now();
  await watch.follow(list);
  const repeated = performance.now() - again;
  globalThis.gc?.();
  const after = process.memoryUsage();
  for (const [name, act] of [
    ['write', (path) => appendFileSync(path, 'x')],
    [
      'replace',
      (path) => {
        writeFileSync(join(root, 'new'), 'y');
        renameSync(join(root, 'new'), path);
      },
    ],
  ]) {
    const times = [];
    for (const path of paths) {
      const heard = new Promise((resolve) => (said = resolve));
      const at = performance.now();
      act(join(root, path));
      await heard;
      times.push(performance.now() - at);
      await pause(5);
    }
    times.sort((a, b) => a - b);
    console.log(
      `${name} -> said: p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms`,
    );
  }
  console.log(
    `${PATHS} paths: ${watch.state().watches} watches, first follow ${first.toFixed(0)} ms of CPU, again ${repeated.toFixed(1)} ms`,
  );
  const kib = (key) => `${((after[key] - before[key]) / 1024).toFixed(0)} KiB`;
  console.log(`memory: heap ${kib('heapUsed')}, RSS ${kib('rss')}`);
  console.log(`file watch idle: ${percent(await idle(SECONDS))}`);
  watch.stop();
}

async function mounts() {
  execFileSync('sh', [
    '-c',
    `set -e; cd "$0"; mkdir mounts; mount -t tmpfs none mounts; cd mounts; i=0
     while [ $i -lt ${MOUNTS} ]; do mkdir $i; mount -t tmpfs -o size=4k tmpfs $i; i=$((i+1)); done`,
    root,
  ]);
  const reader = new TableReader({ file: '/proc/self/mountinfo', maxBytes: 16 * 1024 * 1024 });
  const times = [];
  for (let i = 0; i < 200; i++) {
    const at = performance.now();
    reader.read(() => true);
    times.push(performance.now() - at);
    await pause(5);
  }
  times.sort((a, b) => a - b);
  console.log(`mount table at ${MOUNTS} mounts: p50 ${quantile(times, 0.5).toFixed(2)} ms`);
  const watch = new MountWatch({ hostRoot: '/', onMounted: () => undefined, onDisturbed: () => undefined, log });
  watch.start();
  console.log(`mount watch, every 3 s: ${percent(await idle(SECONDS))}`);
  watch.stop();
}

async function processes() {
  const program = join(root, 'component');
  copyFileSync('/bin/sleep', program);
  execFileSync('chmod', ['755', program]);
  for (let i = 0; i < PROCESSES; i++) {
    children.push(spawn(i < 10 ? program : '/bin/sleep', ['3600'], { stdio: 'ignore' }));
  }
  await pause(1000);
  const noContainers = new Map();
  const starts = new ProcessStarts({
    hostRoot: '/',
    containerPids: () => noContainers,
    onDisturbed: () => undefined,
    log,
  });
  await starts.follow([{ component: 'component', executables: [program], units: ['component.service'] }]);
  const what = `process watch at ${PROCESSES} processes, ${starts.state().processes} of components`;
  console.log(`${what}, none new: ${percent(await idle(SECONDS))}`);
  children.push(spawn('sh', ['-c', 'while :; do sleep 0.3; done'], { stdio: 'ignore' }));
  console.log(`${what}, some new in every second: ${percent(await idle(SECONDS))}`);
  starts.stop();
}
