import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BootedSystemd } from '../../fakes/booted-systemd.js';
import { builtRpms } from '../../fakes/built-rpms.js';
import { publishedNode } from '../../fakes/published-node.js';
import { mustRun } from '../../fakes/run-command.js';
import { TestCluster } from '../../fakes/test-cluster.js';
import { VictimPrograms } from '../../fakes/victim-programs.js';
import { waitUntil } from '../../fakes/wait-until.js';

const AGENT = 'sealwatch-agent.service';
const COLLECTOR = 'sealwatch-collector.service';
const KEYS = '/var/lib/sealwatch-collector/keys';
const REPORTED = /^alpha: connected to the collector; last scan (reported|sealed)/;

const SIGNER = 'rpms@example.org';

/** What there is to be undone, newest last. */
const undo: (() => void | Promise<void>)[] = [];

let directory: string;
let cluster: TestCluster;
let machine: BootedSystemd;
/** In the machine: agent and collector, and the next agent. */
let first: readonly string[];
let second: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-booted-packages-'));
  undo.push(() => {
    rmSync(directory, { recursive: true });
  });
  const rpms = await signedRpms();
  const victims = new VictimPrograms();
  undo.push(() => victims.dispose());
  await victims.build();
  // the collector's store needs 22
  const node = await publishedNode(22);
  cluster = await TestCluster.create({
    hosts: ['build'],
    simulated: ['alpha'],
    components: [{ name: 'server', path: victims.at('static') }],
    settings: { 'policy.demonstration': true, 'policy.severities': {}, 'policy.scanInterval': '5s' },
  });
  undo.push(() => cluster.dispose());
  // moves into the machine
  await cluster.collector.stop();
  machine = await BootedSystemd.boot((tree) => {
    tree.directory('/root/rpms').directory('/usr/bin').write('/etc/rpm/macros', '%_dbpath /var/lib/rpm\n');
    for (const rpm of [...rpms.first, rpms.second, join(directory, 'key.asc')]) {
      copyFileSync(rpm, tree.at(`/root/rpms/${basename(rpm)}`));
    }
    copyFileSync(node, tree.at('/usr/bin/node'));
    copyFileSync(victims.at('static'), tree.at('/usr/bin/server'));
    cpSync(cluster.collectorState, tree.at('/root/collector'), { recursive: true });
    copyFileSync(join(cluster.directory, '.sealwatch', 'bundles', 'alpha.json'), tree.at('/root/alpha.json'));
  });
  undo.push(() => machine.dispose());
  const inside = (path: string): string => `/root/rpms/${basename(path)}`;
  first = rpms.first.map(inside);
  second = inside(rpms.second);
}, 300_000);
afterAll(async () => {
  for (const act of undo.reverse()) await act();
});

/** Release 1 of agent and collector, release 2 of the agent, and the key, all below `directory`. */
async function signedRpms(): Promise<{ first: readonly string[]; second: string }> {
  const gpgHome = join(directory, 'gnupg');
  const gpg = ['gpg', '--homedir', gpgHome, '--batch', '--quiet', '--passphrase', ''];
  await mustRun(['install', '-d', '-m', '700', gpgHome]);
  undo.push(async () => {
    await mustRun(['gpgconf', '--homedir', gpgHome, '--kill', 'gpg-agent']);
  });
  await mustRun([...gpg, '--quick-gen-key', `Sealwatch test <${SIGNER}>`, 'rsa3072', 'sign', 'never']);
  await mustRun([...gpg, '--armor', '--output', join(directory, 'key.asc'), '--export', SIGNER]);
  const build = (release: string, ...packages: string[]): Promise<readonly string[]> => {
    const options = ['--node', 'distribution', '--release', release, '--out', join(directory, release)];
    const signing = ['--sign', SIGNER, '--gpg-home', gpgHome];
    return builtRpms([...options, ...signing, ...packages], { env: { SOURCE_DATE_EPOCH: '1790000000' } });
  };
  const first = await build('1', 'agent', 'collector');
  const [second = ''] = await build('2', 'agent');
  return { first, second };
}

/** No dependency of theirs is in an RPM here; that signatures are looked at is said on the command line. */
function rpm(action: '-i' | '-U', ...packages: readonly string[]): ReturnType<BootedSystemd['run']> {
  return machine.run('rpm', action, '--nodeps', '--define', '_pkgverify_level signature', ...packages);
}

async function alpha(): Promise<{ verdict: string; standing: string; sequence: number }> {
  const found = (await cluster.hostSummaries()).find(({ name }) => name === 'alpha');
  return found ?? { verdict: 'unknown', standing: 'none', sequence: 0 };
}

async function reportsAgain(): Promise<void> {
  await waitUntil(
    'the host is connected and compliant',
    async () => {
      const { verdict, standing } = await alpha();
      return verdict === 'compliant' && standing === 'connected';
    },
    { timeoutMs: 90_000, everyMs: 500 },
  );
}

/** Who the agent is; `status` exits 1 here, where no containerd runs. */
async function enrollment(): Promise<unknown> {
  const { stdout } = await machine.run('sealwatch-agent', 'status', '--output', 'json');
  return (JSON.parse(stdout) as { enrollment: unknown }).enrollment;
}

const restarts = async (unit: string): Promise<number> => Number(await machine.property(unit, 'NRestarts'));

/** In the order of an installation's life: each test goes on where the one before it ended. */
describe('the signed packages on a booted systemd', () => {
  it('are refused while their key is not known, and installed once it is', async () => {
    expect((await rpm('-i', ...first)).stderr).toMatch(/NOKEY|no signature|does not verify/);
    await machine.must('rpm', '--import', '/root/rpms/key.asc');
    expect(await rpm('-i', ...first)).toMatchObject({ status: 0 });
    expect(await machine.must('rpm', '-V', '--nodeps', 'sealwatch-agent', 'sealwatch-collector')).toBe('');
  });

  it('run the collector, which is ready when it listens, says how it is, and may do nothing', async () => {
    await machine.must('sh', '-c', 'cp -a /root/collector/. /var/lib/sealwatch-collector/');
    await machine.must('chown', '-R', 'sealwatch-collector:', '/var/lib/sealwatch-collector');
    await machine.must('systemctl', 'enable', '--now', COLLECTOR);
    expect(await machine.property(COLLECTOR, 'StatusText')).toMatch(
      /^cluster unknown; release 1; 0 hosts connected, 2/,
    );
    const status = readFileSync(`/proc/${String(await machine.mainPid(COLLECTOR))}/status`, 'utf8');
    expect(status).toMatch(/^Cap(Eff|Prm|Bnd):\t0{16}$/m);
    expect(status).not.toMatch(/^Uid:\t0/m);
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect(await machine.journal(COLLECTOR, '-p', 'warning')).toBe('');
  });

  it('enrol and run the agent in two more commands', async () => {
    await machine.must('systemd-run', '--unit=server', '/usr/bin/server');
    await machine.must('sealwatch-agent', 'enroll', '--bundle', '/root/alpha.json');
    await machine.must('systemctl', 'enable', '--now', AGENT);
    await machine.waitFor(AGENT, 'StatusText', REPORTED);
    await reportsAgain();
    await machine.waitFor(COLLECTOR, 'StatusText', /; 1 hosts connected, 2 declared$/);
  });

  it('stop the collector cleanly, and let it have its keys as encrypted credentials alone', async () => {
    await machine.must('systemctl', 'stop', COLLECTOR);
    expect(await machine.property(COLLECTOR, 'Result')).toBe('success');
    expect(await machine.property(COLLECTOR, 'ExecMainStatus')).toBe('0');
    await machine.must('mkdir', '-p', '-m', '700', '/etc/credstore.encrypted');
    for (const key of ['tls.key', 'issuing-ca.key']) {
      const kept = `/etc/credstore.encrypted/sealwatch-collector.${key}`;
      await machine.must('systemd-creds', 'encrypt', '--with-key=host', `--name=${key}`, `${KEYS}/${key}`, kept);
      await machine.must('mv', `${KEYS}/${key}`, '/root');
    }
    expect((await machine.run('systemctl', 'start', COLLECTOR)).status).not.toBe(0);
    expect(await machine.journal(COLLECTOR, '-p', 'err')).toContain("issuing-ca.key can't be read");
    const example = join(
      import.meta.dirname,
      '../../../systemd/sealwatch-collector.service.d/40-credentials.conf.example',
    );
    await machine.must('mkdir', '-p', `/etc/systemd/system/${COLLECTOR}.d`);
    copyFileSync(example, machine.at(`/etc/systemd/system/${COLLECTOR}.d/40-credentials.conf`));
    await machine.must('systemctl', 'daemon-reload');
    await machine.must('systemctl', 'restart', COLLECTOR);
    await reportsAgain();
  });

  it('have the collector killed when it stands still, and agents find it again', async () => {
    const before = await restarts(COLLECTOR);
    await quicker(COLLECTOR);
    process.kill(await machine.mainPid(COLLECTOR), 'SIGSTOP');
    await machine.waitFor(COLLECTOR, 'NRestarts', String(before + 1), 60_000);
    expect(await machine.journal(COLLECTOR)).toContain('Watchdog timeout');
    await machine.waitFor(COLLECTOR, 'ActiveState', 'active');
    await reportsAgain();
  });

  it('upgrade the agent, which goes on with its identity and its chain', async () => {
    const [pid, { sequence }] = [await machine.mainPid(AGENT), await alpha()];
    const enrolled = await enrollment();
    expect(await rpm('-U', second)).toMatchObject({ status: 0 });
    expect(await machine.must('rpm', '-q', 'sealwatch-agent')).toContain('-2.noarch');
    await machine.waitFor(AGENT, 'StatusText', REPORTED);
    expect(await machine.mainPid(AGENT)).not.toBe(pid);
    await reportsAgain();
    expect((await alpha()).sequence).toBeGreaterThanOrEqual(sequence);
    expect(await enrollment()).toEqual(enrolled);
  });

  it('when erased stop and take away programs and units, and leave keys and evidence', async () => {
    await machine.must('rpm', '-e', 'sealwatch-agent', 'sealwatch-collector');
    for (const unit of [AGENT, COLLECTOR]) {
      expect(await machine.property(unit, 'ActiveState')).toBe('inactive');
      expect(await machine.property(unit, 'LoadState')).not.toBe('loaded');
    }
    expect((await machine.run('ls', '/usr/bin/sealwatch-agent', '/usr/libexec/sealwatch-agent')).stdout).toBe('');
    expect(await machine.must('ls', '/var/lib/sealwatch-agent')).toContain('identity');
    expect(await machine.must('ls', '/var/lib/sealwatch-collector')).toContain('sealwatch.db');
  });
});

/** Shorter than an operator would have it, so that a test need not wait. In force from the next start on. */
async function quicker(unit: string): Promise<void> {
  const folder = `/etc/systemd/system/${unit}.d`;
  await machine.must(
    'sh',
    '-c',
    `mkdir -p ${folder} && printf '[Service]\\nWatchdogSec=6\\nRestartSec=1\\n' > ${folder}/99-quick.conf`,
  );
  await machine.must('systemctl', 'daemon-reload');
  await machine.must('systemctl', 'restart', unit);
  await machine.waitFor(unit, 'ActiveState', 'active');
}
