import { afterAll, beforeAll, expect, it } from 'vitest';
import { flipByte } from '../fakes/flip-byte.js';
import { TestCluster } from '../fakes/test-cluster.js';
import { seconds } from './length.js';

const HOSTS = ['alpha', 'beta', 'gamma'];
const DURATION = seconds(40, 1800);

/** Small, seeded, good enough: a failing run can be repeated with its seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await TestCluster.create({ hosts: HOSTS });
  await cluster.startAgents();
}, 120_000);

afterAll(async () => {
  await cluster.dispose();
});

it(
  `kills, pauses and tampering for ${String(DURATION / 1000)} s lose nothing, double nothing and break no chain`,
  async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
    const random = randomFrom(seed);
    const acts = { 'kill agent': 0, 'kill collector': 0, 'pause agent': 0, 'flip byte': 0 };
    const flipped = new Set<string>();
    const until = performance.now() + DURATION;
    while (performance.now() < until) {
      const host = HOSTS[Math.floor(random() * HOSTS.length)] ?? '';
      const dice = random();
      if (dice < 0.15) {
        acts['kill agent'] += 1;
        await cluster.agent(host).kill();
        cluster.startAgent(host);
      } else if (dice < 0.25) {
        acts['kill collector'] += 1;
        await cluster.collector.kill();
        await cluster.startCollector();
      } else if (dice < 0.4) {
        acts['pause agent'] += 1;
        cluster.agent(host).signal('SIGSTOP');
        await new Promise((resolve) => setTimeout(resolve, 1000 * random()));
        cluster.agent(host).signal('SIGCONT');
      } else {
        acts['flip byte'] += 1;
        flipByte(cluster.file(host));
        if (!flipped.delete(host)) flipped.add(host);
      }
      await new Promise((resolve) => setTimeout(resolve, 600 * random()));
    }
    for (const host of flipped) flipByte(cluster.file(host));
    await cluster.waitForHosts(
      ({ standing, verdict }) => standing === 'connected' && verdict === 'compliant',
      'all is well again',
      60_000,
    );
    expect((await cluster.check()).status).toBe(0);
    let reports = 0;
    for (const host of HOSTS) {
      const { stdout } = await cluster.mustSealwatch('history', host, '--limit', '100000', '--output', 'json');
      const { entries } = JSON.parse(stdout) as { entries: { kind: string; sequence: number }[] };
      expect(entries.filter(({ kind }) => kind === 'gap' || kind === 'alarm')).toEqual([]);
      const sequences = entries.filter(({ kind }) => kind === 'report').map(({ sequence }) => sequence);
      expect(sequences).toEqual(sequences.map((_, index) => sequences.length - index));
      reports += sequences.length;
    }
    await cluster.collector.stop();
    const verified = await cluster.collectorCommand('store', 'verify', '--state-dir', cluster.collectorState);
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    console.log(`chaos: seed ${String(seed)}, ${JSON.stringify(acts)}, ${String(reports)} reports, chains unbroken`);
  },
  DURATION + 240_000,
);
