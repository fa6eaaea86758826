import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { TestCluster } from '../fakes/test-cluster.js';

let cluster: TestCluster;
let first: string;
let next: string;
let kubelet: string;

beforeAll(async () => {
  cluster = await TestCluster.create({
    hosts: ['alpha', 'beta'],
    // a busy machine is no silent host
    settings: { 'policy.staleAfter': '30s', 'policy.evidenceMaxAge': '60s' },
  });
  await cluster.startAgents();
  kubelet = cluster.components[0]?.name ?? '';
  [first, next] = [join(cluster.directory, 'roots', 'first'), join(cluster.directory, 'roots', 'next')];
  for (const root of [first, next]) cpSync(cluster.hostRoot('alpha'), root, { recursive: true });
  // real programs run with bytes after their end
  appendFileSync(join(next, 'usr', 'bin', kubelet), 'the next version');
  await createManifest('test-2', next);
  cpSync(join(cluster.directory, 'manifest.dsse.json'), join(cluster.directory, 'test-1.dsse.json'));
}, 240_000);

afterAll(async () => {
  await cluster.dispose();
});

async function createManifest(id: string, root: string): Promise<void> {
  const listed = cluster.components.flatMap(({ name }) => ['--component', `${name}=/usr/bin/${name}`]);
  const to = ['--key', 'publisher.key', '--out', `${id}.dsse.json`];
  await cluster.mustSealwatch('manifest', 'create', '--id', id, '--root', root, ...listed, ...to);
}

async function deploy(manifests: readonly unknown[], ...options: string[]): Promise<void> {
  const file = join(cluster.directory, 'cluster.yaml');
  const document = parseDocument(readFileSync(file, 'utf8'));
  document.set('manifests', document.createNode(manifests));
  writeFileSync(file, document.toString());
  await cluster.mustSealwatch('deploy', ...options);
}

function upgrade(host: string, root = next): void {
  cpSync(join(root, 'usr', 'bin', kubelet), cluster.file(host));
}

/** What the lines about the upgraded component say, by host. */
function notes({ hosts }: CheckResult): Record<string, readonly string[]> {
  const of = ({ subjects }: CheckResult['hosts'][number]): readonly string[] =>
    subjects.find(({ id }) => id === `file:${kubelet}:/usr/bin/${kubelet}`)?.notes ?? [];
  return Object.fromEntries(hosts.map((host) => [host.name, of(host)]));
}

it('upgrades host by host without a failure, and fails who is left when the window closes', async () => {
  await deploy(['test-2.dsse.json'], '--window', '1h');
  const begun = await cluster.check();
  const until = begun.result.manifests.find(({ id }) => id === 'test-1')?.until ?? 'never';
  const [older, newer] = ['test-1', 'test-2'].map((id) => digestOf(begun.result, id));
  expect(begun.status).toBe(0);
  expect(begun.result.changeWindow).toMatchObject({ state: 'uniform', until });
  const isOld = `matches manifest test-1 [${older ?? ''}], which counts until ${until}`;
  expect(notes(begun.result)).toEqual({ alpha: [isOld], beta: [isOld] });

  upgrade('alpha');
  const mixed = await cluster.check();
  expect(mixed.status).toBe(0);
  expect(notes(mixed.result)).toEqual({ alpha: [`matches manifest test-2 [${newer ?? ''}]`], beta: [isOld] });
  expect(mixed.result.changeWindow).toMatchObject({ state: 'mixed-allowed', until });
  expect(hostsOf(mixed.result)).toEqual({ 'test-1': ['beta'], 'test-2': ['alpha'] });
  // also for a host that is not printed
  expect((await cluster.check('--host', 'alpha')).result.changeWindow?.state).toBe('mixed-allowed');
  const text = await cluster.sealwatch('check', 'fips', '--cached');
  expect(text.status).toBe(0);
  expect(text.stdout).toContain(
    `Change window: mixed-allowed, each of these manifests counts; the first ends at ${until}`,
  );
  expect(text.stdout).not.toContain('[WARN]  ');

  // the host that stays behind says nothing more: time alone fails it
  cluster.agent('beta').signal('SIGSTOP');
  await deploy(['test-2.dsse.json'], '--window', '3s');
  const closes = windowEnd(await cluster.check('--cached'));
  await cluster.waitForHosts(
    ({ name, verdict }) => verdict === (name === 'alpha' ? 'compliant' : 'noncompliant'),
    'the window closes',
  );
  const failedAt = await failureOf('beta');
  expect(failedAt - closes).toBeGreaterThanOrEqual(0);
  expect(failedAt - closes).toBeLessThan(5000);

  cluster.agent('beta').signal('SIGCONT');
  const closed = await cluster.check('--timeout', '60s');
  expect(closed.status).toBe(1);
  expect(closed.result.changeWindow).toBeUndefined();
  expect(notes(closed.result)).toEqual({
    alpha: [],
    beta: [`matches manifest test-1 [${older ?? ''}], which counted until ${new Date(closes).toISOString()}`],
  });
  upgrade('beta');
  expect((await cluster.check()).status).toBe(0);
}, 180_000);

it('ends at once when the operator says so', async () => {
  upgrade('beta', first);
  await deploy(['test-1.dsse.json', 'test-2.dsse.json']);
  const open = await cluster.check();
  expect(open.status).toBe(0);
  expect(open.result.changeWindow).toMatchObject({ state: 'mixed-allowed', until: null });
  await deploy(['test-2.dsse.json'], '--window', '0s');
  const ended = await cluster.check();
  expect(ended.status).toBe(1);
  expect(ended.result.coverage.failing).toEqual([{ name: 'beta', verdict: 'noncompliant' }]);
  expect(ended.result.changeWindow).toBeUndefined();
}, 120_000);

it('before the window begins, says of the next version when it will count', async () => {
  upgrade('beta');
  const begins = new Date(Date.now() + 3_600_000).toISOString();
  await createManifest('test-3', first);
  await deploy(['test-2.dsse.json', { file: 'test-3.dsse.json', from: begins }]);
  upgrade('alpha', first);
  const early = await cluster.check();
  expect(early.status).toBe(1);
  expect(notes(early.result)['alpha']?.[0]).toMatch(
    new RegExp(`^matches manifest test-3 \\[sha256:[0-9a-f]{64}\\], which counts from ${begins} on$`),
  );
}, 120_000);

function digestOf({ manifests }: CheckResult, id: string): string | undefined {
  return manifests.find((manifest) => manifest.id === id)?.digest;
}

function hostsOf({ changeWindow }: CheckResult): Record<string, readonly string[]> {
  return Object.fromEntries((changeWindow?.manifests ?? []).map(({ id, hosts }) => [id, hosts]));
}

/** Also if it is over already. */
function windowEnd({ result }: { result: CheckResult }): number {
  const ofBeta = result.hosts.find(({ name }) => name === 'beta')?.subjects ?? [];
  const ends = ofBeta.flatMap(({ manifests = [] }) =>
    manifests.flatMap(({ id, until }) => (id === 'test-1' ? [until] : [])),
  );
  return Date.parse(ends[0] ?? '');
}

/** Our clock at the moment the collector's verdict became a failure. */
async function failureOf(host: string): Promise<number> {
  const { stdout } = await cluster.mustSealwatch('history', host, '--output', 'json');
  const { entries } = JSON.parse(stdout) as { entries: { at: string; kind: string; verdict: string | null }[] };
  const failure = entries.find(({ kind, verdict }) => kind === 'verdict' && verdict === 'noncompliant');
  return Date.parse(failure?.at ?? '');
}
