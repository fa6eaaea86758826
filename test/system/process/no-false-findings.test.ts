/**
 * Real, unmodified programs at work, measured again and again: nothing may be found. For an hour by hand, over every
 * process of the machine: MEASURE_SECONDS=3600 MEASURE_SCOPE=all npm run test:system -- test/system/process/no-false-findings.test.ts
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newCycleMemory } from '@sealwatch/agent/measure/process/cycle-memory.js';
import type { ProcessIdentity } from '@sealwatch/agent/measure/process/identify-process.js';
import { measureProcess } from '@sealwatch/agent/measure/process/measure-process.js';
import { readStat } from '@sealwatch/agent/measure/process/read-stat.js';
import type { ProcessFacts } from '@sealwatch/shared/proc/process-facts.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Daemon } from '../../fakes/daemon.js';
import { deviations } from '../../fakes/measured-process.js';

const SECONDS = Number(process.env['MEASURE_SECONDS'] ?? 60);
const EVERYTHING = process.env['MEASURE_SCOPE'] === 'all';

const work = mkdtempSync(join(tmpdir(), 'sealwatch-honest-'));
const daemons: Daemon[] = [];

/** Programs that run on, and shells that start programs which end. */
function programs(): string[][] {
  const forEver = (script: string): string[] => ['bash', '-c', `cd ${work}; while :; do ${script}; done`];
  return [
    ['etcd', '--data-dir', `${work}/etcd`, '--listen-client-urls', 'http://127.0.0.1:0', ...ETCD],
    ['containerd', '--root', `${work}/root`, '--state', `${work}/state`, '--address', `${work}/containerd.sock`],
    ['node', '-e', 'let s = 0; setInterval(() => { for (let i = 0; i < 1e6; i++) s += Math.sqrt(i); }, 5)'],
    ['python3', '-c', 'import ssl, sqlite3, json, re\nwhile True: json.dumps([re.sub("a", "b", "a" * 99)] * 99)'],
    ['perl', '-MPOSIX', '-e', 'while (1) { $x = join ",", map { sqrt $_ } 1 .. 1000 }'],
    forEver('openssl speed -seconds 1 sha256 >/dev/null 2>&1'),
    forEver('git -C / --version; git init -q one; git -C one status >/dev/null; rm -rf one'),
    forEver('find /usr/bin /usr/lib -newer /etc/passwd | sort | gzip | gunzip | sha256sum >/dev/null'),
    forEver("tar -C /usr/share -cf - doc 2>/dev/null | xz -0 | xz -d | awk '{ n++ } END { print n }' >/dev/null"),
    forEver('echo "int main(void){return 0;}" > a.c; gcc -O2 a.c -o a.out && ./a.out; sleep 0.1'),
    forEver('sleep 0.05; true; date >/dev/null; sed -n 1p /etc/passwd >/dev/null; ls -R /etc >/dev/null'),
  ].filter(([name = '']) => ['/usr/bin', '/usr/sbin', '/bin'].some((place) => existsSync(join(place, name))));
}

const ETCD = [
  ...['--advertise-client-urls', 'http://127.0.0.1:0', '--listen-peer-urls', 'http://127.0.0.1:0'],
  ...['--initial-advertise-peer-urls', 'http://127.0.0.1:2380', '--initial-cluster', 'default=http://127.0.0.1:2380'],
];

/** Programs that make code while they run. */
const JIT = /\/(node|java)$/;

beforeAll(() => {
  for (const argv of programs()) daemons.push(new Daemon(['setsid', ...argv]));
});
afterAll(async () => {
  for (const pid of ours()) kill(pid.pid);
  await Promise.all(daemons.map((daemon) => daemon.kill()));
  rmSync(work, { recursive: true, force: true });
});

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

/** What the test has started, and what that has; or all that run. */
function ours(): ProcessIdentity[] {
  const parents = new Map<number, number>();
  const identities: ProcessIdentity[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const file = readStat(`/proc/${pid}`);
    if (file.state !== 'read' || file.stat.kernelThread) continue;
    parents.set(file.stat.pid, file.stat.parent);
    identities.push({ pid: file.stat.pid, startTime: file.stat.startTime });
  }
  const roots = new Set(daemons.map(({ pid }) => pid));
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (roots.has(pid) || isOurs(parents.get(pid)));
  return identities.filter(({ pid }) => isOurs(pid));
}

function everything(): ProcessIdentity[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const file = readStat(`/proc/${pid}`);
      if (file.state !== 'read' || file.stat.kernelThread) return [];
      return [{ pid: file.stat.pid, startTime: file.stat.startTime }];
    });
}

function findings(facts: ProcessFacts): string[] {
  const path = facts.executable.path;
  const found = deviations(facts).map((one) => `${path}: ${one}`);
  const { onDisk } = facts.executable;
  // whoever runs all processes of a machine may meet programs that run from memory; those the test starts do not
  if (!EVERYTHING && onDisk.state !== 'same') found.push(`${path} is ${onDisk.state}`);
  if (!EVERYTHING && facts.anonymous.length > 0 && !JIT.test(path)) found.push(`${path} has anonymous code`);
  for (const { path: file, text } of facts.files) {
    if (text.state === 'equal' && text.privatePages !== 0) found.push(`${path}: ${file} has pages of its own`);
  }
  return found;
}

it(
  `nothing is found in unmodified programs at work for ${String(SECONDS)} s`,
  { timeout: (SECONDS + 60) * 1000 },
  async () => {
    const seen = new Map<string, { measured: number; files: number }>();
    const found = new Set<string>();
    const unreadable = new Map<string, number>();
    let ended = 0;
    let cycles = 0;
    for (const until = performance.now() + SECONDS * 1000; performance.now() < until; cycles++) {
      const memory = newCycleMemory();
      for (const identity of EVERYTHING ? everything() : ours()) {
        const observation = await measureProcess({ process: identity, procRoot: '/proc', hostRoot: '/', memory });
        if (observation.state === 'ended') ended++;
        else if (observation.state === 'unreadable') {
          unreadable.set(observation.reason, (unreadable.get(observation.reason) ?? 0) + 1);
        } else {
          const { executable, files } = observation.facts;
          const known = seen.get(executable.path) ?? { measured: 0, files: 0 };
          seen.set(executable.path, { measured: known.measured + 1, files: Math.max(known.files, files.length) });
          for (const one of findings(observation.facts)) found.add(one);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const lines = [...seen].sort().map(([path, { measured, files }]) => {
      return `  ${path}: ${String(measured)} times, up to ${String(files)} files`;
    });
    const total = [...seen.values()].reduce((sum, { measured }) => sum + measured, 0);
    console.log(
      `${String(total)} measurements of ${String(seen.size)} programs in ${String(cycles)} cycles, ` +
        `${String(ended)} ended meanwhile, unreadable: ${JSON.stringify(Object.fromEntries(unreadable))}\n${lines.join('\n')}`,
    );
    expect([...found]).toEqual([]);
    expect(seen.size).toBeGreaterThanOrEqual(6);
    unreadable.delete('changed while being read');
    if (!EVERYTHING) expect(Object.fromEntries(unreadable)).toEqual({});
  },
);
