import { copyFileSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { flipByte } from '../fakes/flip-byte.js';
import { TestCluster } from '../fakes/test-cluster.js';
import { seconds } from './length.js';

const DURATION = seconds(120, 3600);
/** Changes, and samples. */
const ROUNDS = Math.max(60, Math.round(DURATION / 15_000));

interface Sample {
  readonly rssMb: number;
  readonly descriptors: number;
  /** Of inotify. */
  readonly watches: number;
}

function sample(pid: number): Sample {
  const rss = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  const descriptors = readdirSync(`/proc/${String(pid)}/fd`);
  return {
    rssMb: Math.round(Number(rss?.[1] ?? 0) / 102.4) / 10,
    descriptors: descriptors.length,
    watches: descriptors.reduce((sum, fd) => sum + watchesOf(pid, fd), 0),
  };
}

function watchesOf(pid: number, fd: string): number {
  try {
    return readFileSync(`/proc/${String(pid)}/fdinfo/${fd}`, 'utf8').match(/^inotify wd:/gm)?.length ?? 0;
  } catch {
    return 0;
  }
}

/** Written in place, replaced, and gone for a moment with its directory: watches die with each but the first. */
function disturb(file: string, round: number): void {
  switch (round % 3) {
    case 0:
      flipByte(file);
      break;
    case 1:
      copyFileSync(file, `${file}.new`);
      renameSync(`${file}.new`, file);
      break;
    default:
      renameSync(dirname(file), `${dirname(file)}.away`);
      renameSync(`${dirname(file)}.away`, dirname(file));
  }
}

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await TestCluster.create({ hosts: ['alpha'], settings: { 'policy.scanInterval': '500ms' } });
  await cluster.startAgents();
}, 120_000);

afterAll(async () => {
  await cluster.dispose();
});

it(
  `agent and collector keep their memory and descriptors over ${String(DURATION / 1000)} s of scans and changes`,
  async () => {
    const samples: Record<'agent' | 'collector', Sample[]> = { agent: [], collector: [] };
    const until = performance.now() + DURATION;
    for (let round = 0; performance.now() < until; round++) {
      disturb(cluster.file('alpha'), round);
      await new Promise((resolve) => setTimeout(resolve, DURATION / ROUNDS));
      samples.agent.push(sample(cluster.agent('alpha').pid));
      samples.collector.push(sample(cluster.collector.pid));
    }
    for (const [program, taken] of Object.entries(samples)) {
      // the first third warms up
      const settled = taken.slice(Math.floor(taken.length / 3));
      const [first, last] = [settled[0], settled.at(-1)];
      if (first === undefined || last === undefined) throw new Error('no samples');
      console.log(
        `soak: ${program}: RSS ${String(first.rssMb)} -> ${String(last.rssMb)} MB, descriptors ${String(first.descriptors)} -> ${String(last.descriptors)}, watches ${String(first.watches)} -> ${String(last.watches)}`,
      );
      expect(last.descriptors).toBeLessThanOrEqual(first.descriptors + 3);
      expect(last.watches).toBeLessThanOrEqual(first.watches + 3);
      expect(last.rssMb).toBeLessThan(first.rssMb * 1.3);
    }
  },
  DURATION + 120_000,
);
