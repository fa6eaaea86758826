import type { CheckResult, SubjectResult } from '@sealwatch/shared/check/check-result.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MountedHost } from '../../fakes/mounted-host.js';
import { TestCluster } from '../../fakes/test-cluster.js';

/** alpha is a directory, beta the root of an init of its own with this machine's kernel, which is in no FIPS mode. */
let cluster: TestCluster;
let beta: MountedHost;

beforeAll(async () => {
  cluster = await TestCluster.create({
    hosts: ['alpha', 'beta'],
    settings: { 'policy.require': ['file', 'host'] },
  });
  const tree = cluster.tree('beta');
  tree.drop('/proc').directory('/proc');
  tree.write('/fake/cmdline', 'ro fips=1 boot=UUID=7c1f\n');
  tree.write('/fake/sys/crypto/fips_enabled', '1\n').write('/fake/sys/kernel/osrelease', `${tree.kernel}\n`);
  beta = await MountedHost.start(tree.root);
  cluster.startAgent('alpha');
  cluster.startAgent('beta', beta.hostRoot);
  await cluster.waitForHosts(({ sequence }) => sequence > 0, 'both have reported');
});
afterAll(async () => {
  await cluster.dispose();
  await beta.stop();
});

async function platformOf(host: string): Promise<{ status: number | null; codes: string[]; subject: SubjectResult }> {
  const { status, result } = await cluster.check();
  const subject = subjectOf(result, host);
  return { status, codes: subject.findings.map(({ code }) => code), subject };
}

function subjectOf({ hosts }: CheckResult, host: string): SubjectResult {
  const subject = hosts.find(({ name }) => name === host)?.subjects.find(({ id }) => id === 'host:platform');
  if (subject === undefined) throw new Error(`no platform of ${host}`);
  return subject;
}

describe('a host in a cluster', () => {
  const tree = () => cluster.tree('alpha');
  afterEach(async () => {
    tree().enterFipsMode().osRelease({ ID: 'rhel', VERSION_ID: '8.10', NAME: 'Red Hat Enterprise Linux' });
    expect(await platformOf('alpha')).toMatchObject({ codes: [], subject: { status: 'ok' } });
  });

  it('that is in FIPS mode says by which signs', async () => {
    const { subject } = await platformOf('alpha');
    expect(subject.platform).toMatchObject({
      system: { name: 'Red Hat Enterprise Linux 8.10', support: 'supported' },
      fips: { state: 'enabled' },
      hmacs: { checked: 6, matching: 6 },
    });
  });

  it('that left FIPS mode fails, and is named with what auditors call it', async () => {
    tree().leaveFipsMode();
    expect(await platformOf('alpha')).toMatchObject({ status: 1, codes: ['host.fips-disabled'] });
    const { stdout } = await cluster.sealwatch('check', 'fips', '--host', 'alpha');
    expect(stdout).toMatch(/^FIPS mode disabled +\[FAIL\]$/m);
    expect(stdout).toMatch(/^ {4}known as: RHEL-08-010020, /m);
  });

  it('whose signs contradict each other fails', async () => {
    tree().cryptoPolicy('DEFAULT');
    expect(await platformOf('alpha')).toMatchObject({ status: 1, codes: ['host.fips-inconsistent'] });
  });

  it('of a system that is none for FIPS mode fails, whatever else it says', async () => {
    tree().osRelease({ ID: 'debian', VERSION_ID: '12', NAME: 'Debian' });
    expect((await platformOf('alpha')).codes).toContain('host.unsupported-os');
  });
});

describe('a host with a real kernel that is in no FIPS mode', () => {
  it('is found out by the kernel, though its files say FIPS', async () => {
    expect((await platformOf('beta')).codes).toContain('host.fips-inconsistent');
  });

  it('is not believed when FIPS mode is faked with bind mounts, and the mounts are named', async () => {
    beta.mount(['--bind', beta.at('/fake/sys')], '/proc/sys');
    beta.mount(['--bind', beta.at('/fake/cmdline')], '/proc/cmdline');
    try {
      const { status, codes, subject } = await platformOf('beta');
      expect(status).toBe(1);
      expect(codes.filter((code) => code === 'host.facts-covered')).toHaveLength(4);
      expect(subject.platform?.fips.state).toBe('unknown');
      const { stdout } = await cluster.sealwatch('check', 'fips', '--host', 'beta');
      expect(stdout).toContain('/proc/sys is covered by');
      expect(stdout).toContain('/proc/cmdline is not on a procfs');
    } finally {
      beta.unmount('/proc/cmdline');
      beta.unmount('/proc/sys');
    }
    expect((await platformOf('beta')).codes).not.toContain('host.facts-covered');
  });
});
