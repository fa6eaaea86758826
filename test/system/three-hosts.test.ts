import { readFileSync } from 'node:fs';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flipByte } from '../fakes/flip-byte.js';
import { TestCluster } from '../fakes/test-cluster.js';

const HOSTS = ['alpha', 'beta', 'gamma'] as const;

/** Each test leaves the cluster as it found it: three connected, compliant hosts. */
describe('a cluster of three hosts, each in its own network namespace', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.create({ hosts: HOSTS, network: 'namespaces' });
    await cluster.startAgents();
  });

  afterAll(async () => {
    await cluster.dispose();
  });

  it('passes when every binary is the signed one', async () => {
    const { status, result } = await cluster.check();
    expect(result.verdict).toBe('compliant');
    expect(result.coverage).toMatchObject({ declared: 3, answered: 3, failing: [] });
    expect(status).toBe(0);
  });

  it('prints the seed report', async () => {
    const { status, stdout } = await cluster.sealwatch('check', 'fips');
    const name = cluster.components[0]?.name ?? '';
    expect(stdout).toContain(`${`/usr/bin/${name} [file] Signature Validated`.padEnd(71)}[OK]`);
    expect(stdout).toMatch(/^Host: beta =+$/m);
    expect(stdout).toContain('Cryptographic module integrity verification was successful');
    expect(status).toBe(0);
  });

  it('fails for one changed byte on one host, naming host, path and both digests, and passes again when mended', async () => {
    const file = cluster.file('beta');
    const good = sha256(readFileSync(file));
    flipByte(file);
    const bad = sha256(readFileSync(file));
    const { status, result } = await cluster.check();
    const { stdout } = await cluster.sealwatch('check', 'fips');
    flipByte(file);
    expect(status).toBe(1);
    expect(result.verdict).toBe('noncompliant');
    expect(result.coverage.failing).toEqual([{ name: 'beta', verdict: 'noncompliant' }]);
    const findings = result.hosts.flatMap(({ subjects }) => subjects).flatMap((subject) => subject.findings);
    expect(findings).toMatchObject([{ code: 'file.digest-mismatch', expected: good, observed: bad }]);
    expect(stdout).toContain('[FAIL]');
    expect(stdout).toContain(good);
    expect(stdout).toContain(bad);
    expect(stdout.indexOf('Host: beta')).toBeLessThan(stdout.indexOf('[FAIL]'));
    expect(stdout.indexOf('[FAIL]')).toBeLessThan(stdout.indexOf('Host: gamma'));
    const mended = await cluster.check();
    expect(mended.result.verdict).toBe('compliant');
    expect(mended.status).toBe(0);
  });

  it('--host limits what is printed, the exit stays the whole cluster', async () => {
    flipByte(cluster.file('beta'));
    await cluster.check();
    const { status, result } = await cluster.check('--host', 'alpha');
    flipByte(cluster.file('beta'));
    expect(result.hosts.map(({ name, verdict }) => [name, verdict])).toEqual([['alpha', 'compliant']]);
    expect(result.coverage.failing).toEqual([{ name: 'beta', verdict: 'noncompliant' }]);
    expect(status).toBe(1);
    expect((await cluster.check()).status).toBe(0);
  });

  it('a missing binary and a host whose kernel left FIPS mode fail with their reasons', async () => {
    const { renameSync } = await import('node:fs');
    const file = cluster.file('gamma');
    renameSync(file, `${file}.away`);
    cluster.tree('alpha').leaveFipsMode();
    const { status, result } = await cluster.check();
    renameSync(`${file}.away`, file);
    cluster.tree('alpha').enterFipsMode();
    expect(status).toBe(1);
    const codes = result.hosts.map(({ name, subjects, findings }) => [
      name,
      ...[...subjects.flatMap((subject) => subject.findings), ...findings]
        .filter(({ severity }) => severity === 'fail')
        .map(({ code }) => code),
    ]);
    expect(codes).toEqual([['alpha', 'host.fips-disabled'], ['beta'], ['gamma', 'file.missing']]);
    expect((await cluster.check()).status).toBe(0);
  });

  it('an agent that is paused fails the check at once and its posture after the deadline; it recovers when it goes on', async () => {
    cluster.agent('alpha').signal('SIGSTOP');
    const { status, result } = await cluster.check('--timeout', '3s');
    expect(status).toBe(1);
    expect(result.coverage.failing).toEqual([{ name: 'alpha', verdict: 'unknown' }]);
    await cluster.waitForHosts(
      ({ name, verdict, reasons }) =>
        (name === 'alpha') === (verdict === 'unknown') && (name !== 'alpha' || reasons.includes('host.silent host')),
      'alpha is missed',
    );
    expect((await cluster.check('--cached')).status).toBe(1);
    cluster.agent('alpha').signal('SIGCONT');
    await cluster.waitForHosts(({ verdict }) => verdict === 'compliant', 'alpha is back');
    expect((await cluster.check()).status).toBe(0);
  });

  it('an agent that is stopped fails the check; started again it goes on in its chain', async () => {
    const before = await cluster.hostSummaries();
    expect(await cluster.agent('gamma').stop()).toBe(0);
    const { status, result } = await cluster.check('--timeout', '2s');
    expect(status).toBe(1);
    expect(result.coverage.failing).toEqual([{ name: 'gamma', verdict: 'unknown' }]);
    cluster.startAgent('gamma');
    await cluster.waitForHosts(
      ({ standing, verdict }) => standing === 'connected' && verdict === 'compliant',
      'gamma is back',
    );
    const sequence = (hosts: typeof before): number => hosts.find(({ name }) => name === 'gamma')?.sequence ?? 0;
    expect(sequence(await cluster.hostSummaries())).toBeGreaterThan(sequence(before));
    expect((await cluster.check()).status).toBe(0);
  });

  it('silence does not lift a failure', async () => {
    flipByte(cluster.file('beta'));
    expect((await cluster.check()).result.verdict).toBe('noncompliant');
    await cluster.agent('beta').kill();
    flipByte(cluster.file('beta'));
    const { status, result } = await cluster.check('--timeout', '2s');
    expect(status).toBe(1);
    expect(result.coverage.failing).toEqual([{ name: 'beta', verdict: 'noncompliant' }]);
    cluster.startAgent('beta');
    await cluster.waitForHosts(({ verdict }) => verdict === 'compliant', 'beta is measured anew');
    expect((await cluster.check()).status).toBe(0);
  });

  it('a collector killed at once loses nothing acknowledged, doubles nothing and breaks no chain', async () => {
    for (let round = 0; round < 3; round++) {
      for (let change = 0; change < 4; change++) {
        for (const host of HOSTS) flipByte(cluster.file(host));
        await new Promise((resolve) => setTimeout(resolve, 150 + 130 * change));
      }
      await cluster.collector.kill();
      for (const host of HOSTS) flipByte(cluster.file(host));
      await cluster.startCollector();
      for (const host of HOSTS) flipByte(cluster.file(host));
    }
    await cluster.waitForHosts(
      ({ standing, verdict }) => standing === 'connected' && verdict === 'compliant',
      'all hosts are back',
      60_000,
    );
    expect((await cluster.check()).status).toBe(0);
    for (const host of HOSTS) {
      const { stdout } = await cluster.mustSealwatch('history', host, '--limit', '10000', '--output', 'json');
      const { entries } = JSON.parse(stdout) as { entries: { kind: string; epoch: number; sequence: number }[] };
      expect(entries.filter(({ kind }) => kind === 'gap' || kind === 'alarm')).toEqual([]);
      const sequences = entries
        .filter(({ kind }) => kind === 'report')
        .map(({ sequence }) => sequence)
        .reverse();
      expect(sequences).toEqual(sequences.map((_, index) => index + 1));
      expect(sequences.length).toBeGreaterThan(3);
    }
    await cluster.collector.stop();
    const { status, stdout } = await cluster.collectorCommand('store', 'verify', '--state-dir', cluster.collectorState);
    expect([status, stdout]).toEqual([0, expect.stringContaining('')]);
    await cluster.startCollector();
    await cluster.waitForHosts(({ verdict }) => verdict === 'compliant', 'all hosts are back');
  });

  it('a revoked host loses its stream at once and fails the check', async () => {
    await cluster.mustSealwatch('hosts', 'revoke', 'gamma', '--reason', 'decommissioned');
    const { status, result } = await cluster.check('--timeout', '5s');
    expect(status).toBe(1);
    expect(result.coverage.failing).toEqual([{ name: 'gamma', verdict: 'unknown' }]);
    expect(result.hosts.find(({ name }) => name === 'gamma')?.findings.map(({ code }) => code)).toContain(
      'host.revoked',
    );
    await cluster.agent('gamma').stop();
  });
});

describe('a cluster incepted in standard mode', () => {
  it('always fails the check, also when every binary is the signed one', async () => {
    const cluster = await TestCluster.create({ hosts: ['alpha'], mode: 'standard' });
    try {
      await cluster.startAgents();
      const { status, result } = await cluster.check();
      expect(status).toBe(1);
      expect(result.verdict).toBe('noncompliant');
      expect(result.findings.map(({ code }) => code)).toEqual(['cluster.standard-mode']);
      for (const args of [
        ['deploy', '--mode', 'fips'],
        ['provision', '--mode', 'fips'],
        ['up', '--mode', 'fips'],
      ]) {
        const refused = await cluster.sealwatch(...args);
        expect([args, refused.status, refused.stderr]).toEqual([args, 2, expect.stringMatching(/standard mode/)]);
      }
    } finally {
      await cluster.dispose();
    }
  });
});
