import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { afterEach, expect, it } from 'vitest';
import { AUTHORITY_PATH, placeAuthority } from '../fakes/kubernetes-authority.js';
import { mustRun } from '../fakes/run-command.js';
import { TestCluster, type TestClusterOptions } from '../fakes/test-cluster.js';

const DAY = 86_400_000;

let clusters: TestCluster[] = [];
afterEach(async () => {
  for (const cluster of clusters) await cluster.dispose();
  clusters = [];
});

async function found(options: TestClusterOptions): Promise<TestCluster> {
  const cluster = await TestCluster.create(options);
  clusters.push(cluster);
  return cluster;
}

/** The check's exit status and what it says about each host's authorities. */
async function taint(cluster: TestCluster): Promise<{ status: number | null; said: Record<string, string> }> {
  const { status, result } = await cluster.check();
  const said = result.hosts.flatMap(({ name, subjects }: CheckResult['hosts'][number]) =>
    subjects
      .filter(({ id }) => id === 'host:kubernetes-ca')
      .flatMap(({ findings }) => findings)
      .map(({ code, observed }) => [name, `${code}: ${observed ?? ''}`] as const),
  );
  return { status, said: Object.fromEntries(said) };
}

it('a Kubernetes authority that is older than the inception, or changes, taints the cluster', async () => {
  const cluster = await found({ hosts: ['alpha', 'beta'] });
  placeAuthority(cluster.hostRoot('beta'), Date.now());
  await cluster.startAgents();
  expect(await taint(cluster)).toEqual({ status: 0, said: {} });

  const made = new Date(Math.floor((Date.now() - 2 * DAY) / 1000) * 1000);
  placeAuthority(cluster.hostRoot('alpha'), made.getTime());
  expect(await taint(cluster)).toEqual({
    status: 1,
    said: { alpha: `cluster.tainted: made at ${made.toISOString()}` },
  });
  // taking it away does not take the taint away
  rmSync(join(cluster.hostRoot('alpha'), AUTHORITY_PATH));
  expect(await taint(cluster)).toEqual({ status: 1, said: { alpha: 'cluster.taint-unknown: absent' } });

  const first = join(cluster.directory, 'first.crt');
  copyFileSync(join(cluster.hostRoot('beta'), AUTHORITY_PATH), first);
  placeAuthority(cluster.hostRoot('beta'), Date.now());
  const changed = await taint(cluster);
  expect(changed.status).toBe(1);
  expect(changed.said['beta']).toMatch(/^cluster.tainted: sha256:/);
  // for ever: also when the first one comes back, and after a restart of the collector
  copyFileSync(first, join(cluster.hostRoot('beta'), AUTHORITY_PATH));
  expect((await taint(cluster)).said['beta']).toBe(changed.said['beta']);
  await cluster.collector.stop();
  await cluster.startCollector();
  await cluster.waitForHosts(({ standing }) => standing === 'connected', 'the agents are back');
  expect((await taint(cluster)).said['beta']).toBe(changed.said['beta']);
}, 120_000);

it('an adopted cluster may be older than its inception, and says by whose word in every answer', async () => {
  const reason = 'bootstrapped in FIPS mode, change 4711';
  const cluster = await found({ hosts: ['alpha'], settings: { adopt: { reason } } });
  placeAuthority(cluster.hostRoot('alpha'), Date.now() - 400 * DAY);
  await cluster.startAgents();
  expect(await taint(cluster)).toEqual({ status: 0, said: {} });
  expect((await cluster.sealwatch('check', 'fips')).stdout).toContain(reason);
}, 60_000);

it('an authority that served a standard-mode cluster taints the FIPS cluster its host enrols in later', async () => {
  const standard = await found({ hosts: ['alpha'], mode: 'standard' });
  placeAuthority(standard.hostRoot('alpha'), Date.now());
  await standard.startAgents();
  expect((await standard.check()).status).toBe(1);
  await standard.agent('alpha').stop();

  const cluster = await found({ hosts: ['alpha'] });
  const file = join(cluster.hostRoot('alpha'), AUTHORITY_PATH);
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(join(standard.hostRoot('alpha'), AUTHORITY_PATH), file);
  await cluster.startAgents();
  expect(await taint(cluster)).toEqual({ status: 0, said: {} });
  await cluster.agent('alpha').stop();

  // the same host, with the memory of its agent
  rmSync(cluster.agentState('alpha'), { recursive: true });
  renameSync(standard.agentState('alpha'), cluster.agentState('alpha'));
  await cluster.mustSealwatch('tokens', 'create', '--host', 'alpha', '--replace');
  const bundle = join(cluster.directory, '.sealwatch', 'bundles', 'alpha.json');
  const agent = join(import.meta.dirname, '../../agent/bin/sealwatch-agent.js');
  const state = ['--state-dir', cluster.agentState('alpha')];
  await mustRun([process.execPath, agent, 'enroll', '--bundle', bundle, '--replace', ...state]);
  await cluster.startAgents();
  expect(await taint(cluster)).toEqual({
    status: 1,
    said: { alpha: expect.stringMatching(/^cluster.tainted: seen under standard-mode inception sha256:/) as string },
  });
}, 120_000);
