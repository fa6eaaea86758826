import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mustRun } from '../fakes/run-command.js';
import { TestCluster } from '../fakes/test-cluster.js';
import { waitUntil } from '../fakes/wait-until.js';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.create({ hosts: ['alpha', 'beta'] });
  await cluster.startAgents();
}, 120_000);
afterAll(async () => {
  await cluster.dispose();
});

it('a host that is revoked loses its stream at once, and comes back with a bundle issued anew', async () => {
  const bundle = join(cluster.directory, '.sealwatch', 'bundles', 'alpha.json');
  const before = readFileSync(bundle, 'utf8');
  const { stdout } = await cluster.mustSealwatch('hosts', 'revoke', 'alpha', '--reason', 'its disk was stolen');
  expect(stdout).toContain('its connection ended');
  await waitUntil('the agent is told', () => cluster.agent('alpha').output.includes('host.revoked'));
  expect((await cluster.hostSummaries()).find(({ name }) => name === 'alpha')?.standing).toBe('revoked');
  await cluster.agent('alpha').stop();

  await cluster.mustSealwatch('tokens', 'create', '--host', 'alpha');
  expect(readFileSync(bundle, 'utf8')).not.toBe(before);
  const agent = join(import.meta.dirname, '../../agent/bin/sealwatch-agent.js');
  const state = ['--state-dir', cluster.agentState('alpha')];
  await mustRun([process.execPath, agent, 'enroll', '--bundle', bundle, '--replace', ...state]);
  cluster.startAgent('alpha');
  await cluster.waitForHosts(({ verdict }) => verdict === 'compliant', 'alpha is back');
  const { status, result } = await cluster.check();
  expect([status, result.hosts.map(({ name, head }) => [name, head?.epoch])]).toEqual([
    0,
    [
      ['alpha', 2],
      ['beta', 1],
    ],
  ]);
}, 60_000);

it('a host that is taken out of cluster.yaml is named by every check, as removed and as enrolled undeclared', async () => {
  const yaml = join(cluster.directory, 'cluster.yaml');
  const document = parseDocument(readFileSync(yaml, 'utf8'));
  document.setIn(['hosts'], document.createNode([{ name: 'alpha', role: 'worker' }]));
  writeFileSync(yaml, document.toString());
  await cluster.mustSealwatch('deploy');
  const { result } = await cluster.check();
  expect(result.coverage).toMatchObject({
    declared: 1,
    answered: 1,
    undeclared: ['beta'],
    removed: [{ name: 'beta' }],
  });
  const { stdout } = await cluster.sealwatch('check', 'fips');
  expect(stdout).toMatch(/^Removed: beta was taken out of the inventory at 20/m);
  expect(stdout).toMatch(/^Undeclared: beta is enrolled but not in cluster\.yaml/m);
}, 30_000);
