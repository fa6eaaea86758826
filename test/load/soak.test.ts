import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { flipByte } from '../fakes/flip-byte.js';
import { TestCluster } from '../fakes/test-cluster.js';
import { seconds } from './length.js';

const DURATION = seconds(60, 3600);

interface Sample {
  readonly rssMb: number;
  readonly descriptors: number;
}

function sample(pid: number): Sample {
  const rss = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  return {
    rssMb: Math.round(Number(rss?.[1] ?? 0) / 102.4) / 10,
    descriptors: readdirSync(`/proc/${String(pid)}/fd`).length,
  };
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
    while (performance.now() < until) {
      flipByte(cluster.file('alpha'));
      await new Promise((resolve) => setTimeout(resolve, DURATION / 60));
      samples.agent.push(sample(cluster.agent('alpha').pid));
      samples.collector.push(sample(cluster.collector.pid));
    }
    for (const [program, taken] of Object.entries(samples)) {
      // the first third warms up
      const settled = taken.slice(Math.floor(taken.length / 3));
      const [first, last] = [settled[0], settled.at(-1)];
      if (first === undefined || last === undefined) throw new Error('no samples');
      console.log(
        `soak: ${program}: RSS ${String(first.rssMb)} -> ${String(last.rssMb)} MB, descriptors ${String(first.descriptors)} -> ${String(last.descriptors)}`,
      );
      expect(last.descriptors).toBeLessThanOrEqual(first.descriptors + 3);
      expect(last.rssMb).toBeLessThan(first.rssMb * 1.3);
    }
  },
  DURATION + 120_000,
);
