import { copyFileSync, cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseDocument } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentBundle } from '../../fakes/agent-bundle.js';
import { BootedSystemd } from '../../fakes/booted-systemd.js';
import { hangFile } from '../../fakes/hanging-file.js';
import { installAgentByHand } from '../../fakes/installed-by-hand.js';
import { TestCluster } from '../../fakes/test-cluster.js';
import { TlsIdentities } from '../../fakes/tls-identities.js';
import { VictimPrograms } from '../../fakes/victim-programs.js';
import { waitUntil } from '../../fakes/wait-until.js';

const UNIT = 'sealwatch-agent.service';
const WATCHDOG_S = 6;

/** Shorter than an operator would have it, so that a test need not wait; nothing else is different. */
const QUICK = `[Service]\nWatchdogSec=${String(WATCHDOG_S)}\nRestartSec=1\n`;

/** Who made a library is looked up with rpm; this says that a package did, without its files. */
const LIBRARY_SPEC = `Name: clib
Version: 1
Release: 1
Summary: A library
License: none
BuildArch: noarch
%define _binaries_in_noarch_packages_terminate_build 0
%define __os_install_post %{nil}
%description
A library.
%install
mkdir -p %{buildroot}/usr/lib/x86_64-linux-gnu
cp /usr/lib/x86_64-linux-gnu/libc.so.6 %{buildroot}/usr/lib/x86_64-linux-gnu/
%files
/usr/lib/x86_64-linux-gnu/libc.so.6
`;

/** What there is to be undone, newest last. */
const undo: (() => void | Promise<void>)[] = [];

let cluster: TestCluster;
let machine: BootedSystemd;
beforeAll(async () => {
  const victims = new VictimPrograms();
  undo.push(() => victims.dispose());
  await victims.build();
  const identities = await TlsIdentities.create(['rsa2048']);
  undo.push(() => {
    identities.dispose();
  });
  const port = await freePort();
  cluster = await TestCluster.create({
    hosts: ['build'],
    simulated: ['alpha'],
    components: [
      { name: 'server', path: victims.at('static') },
      { name: 'openssl', path: '/usr/bin/openssl' },
    ],
    settings: {
      // a booted Debian is no FIPS host, and says so
      'policy.demonstration': true,
      // a key that signed nothing; its libraries are no component and in no package
      'policy.severities': {},
      'policy.libraryKeys': ['00112233aabbccdd'],
      'policy.scanInterval': '40s',
      'policy.evidenceMaxAge': '10m',
      services: [{ name: 'tls', address: `127.0.0.1:${String(port)}`, roles: ['worker'], component: 'openssl' }],
    },
  });
  undo.push(() => cluster.dispose());
  const bundle = await agentBundle(victims.directory);
  machine = await BootedSystemd.boot((tree) => {
    installAgentByHand(tree, bundle);
    tree.write('/etc/systemd/system/sealwatch-agent.service.d/99-quick.conf', QUICK);
    copyFileSync(victims.at('static'), tree.at('/usr/bin/server'));
    copyFileSync('/usr/bin/openssl', tree.at('/usr/bin/openssl'));
    cpSync(identities.directory, tree.at('/etc/tls'), { recursive: true });
    tree.directory('/etc/credstore');
    copyFileSync(
      join(cluster.directory, '.sealwatch/bundles/alpha.json'),
      tree.at('/etc/credstore/sealwatch-agent.bundle'),
    );
    tree.write('/root/clib.spec', LIBRARY_SPEC);
  });
  undo.push(() => machine.dispose());
  await machine.must('chmod', '755', '/usr/bin/sealwatch-agent');
  // as a hardened host has it
  await machine.must('mount', '--bind', '/var', '/var');
  await machine.must('mount', '-o', 'remount,bind,noexec,nosuid,nodev', '/var');
  await machine.must('systemd-run', '--unit=server', '/usr/bin/server');
  await machine.must(
    ...['systemd-run', '--unit=tls', 'openssl', 's_server', '-www', '-accept', `127.0.0.1:${String(port)}`],
    ...['-cert', '/etc/tls/rsa2048.pem', '-key', '/etc/tls/rsa2048.key', '-tls1_2'],
    ...['-cipher', 'ECDHE-RSA-AES256-GCM-SHA384', '-groups', 'P-256:P-384', '-sigalgs', 'RSA-PSS+SHA256:RSA+SHA256'],
  );
  await machine.must('systemctl', 'start', 'sealwatch-agent-enroll.service', UNIT);
});
afterAll(async () => {
  for (const act of undo.reverse()) await act();
});

/** Nobody listens on it. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

interface Host {
  readonly verdict: string;
  readonly standing: string;
  readonly sequence: number;
  readonly evidenceAt: string | null;
}

async function host(): Promise<Host> {
  const { stdout } = await cluster.sealwatch('hosts', 'list', '--output', 'json');
  const found = (JSON.parse(stdout) as { hosts: (Host & { name: string })[] }).hosts.find(
    ({ name }) => name === 'alpha',
  );
  if (found === undefined) throw new Error(stdout);
  return found;
}

/** The lines of `check` that concern the booted host. */
async function hostLines(): Promise<string> {
  const { stdout } = await cluster.sealwatch('check', 'fips', '--timeout', '60s');
  return stdout.slice(stdout.indexOf('Host: alpha'), stdout.indexOf('Host: build'));
}

async function restarted(before: number): Promise<void> {
  await machine.waitFor(UNIT, 'NRestarts', String(before + 1), 60_000);
  await machine.waitFor(UNIT, 'ActiveState', 'active');
}

const restarts = async (): Promise<number> => Number(await machine.property(UNIT, 'NRestarts'));

describe('an agent under a booted systemd, with all drop-ins and /var mounted noexec,', () => {
  it('enrols with a bundle that is a credential, is ready, and says how it is', async () => {
    expect(await machine.property('sealwatch-agent-enroll.service', 'Result')).toBe('success');
    await machine.waitFor(UNIT, 'StatusText', /^alpha: connected to the collector; last scan (reported|sealed)/);
    expect(await machine.property(UNIT, 'ActiveState')).toBe('active');
    await waitUntil('the agent’s own status says so, too', async () =>
      /^Connected\s+yes/m.test((await machine.run('sealwatch-agent', 'status')).stdout),
    );
  });

  it('measures files, processes and TLS services of its host, and finds it good', async () => {
    await waitUntil('the host is compliant', async () => (await host()).verdict === 'compliant', {
      timeoutMs: 60_000,
      everyMs: 1000,
      explain: () => JSON.stringify(cluster.words()),
    });
    const lines = await hostLines();
    expect(lines).toMatch(/^\/usr\/bin\/server \[file\] Signature Validated {2,}\[OK\]$/m);
    expect(lines).toMatch(/^server \[process\] Signature Validated In Memory {2,}\[OK\]$/m);
    expect(lines).toMatch(/^Service: tls/m);
    expect(lines).not.toMatch(/\[(FAIL|UNKNOWN)\]/);
  });

  it('holds three capabilities, can gain none, and is under a system call filter', async () => {
    const status = readFileSync(`/proc/${String(await machine.mainPid(UNIT))}/status`, 'utf8');
    // CAP_DAC_READ_SEARCH 2, CAP_SYS_CHROOT 18, CAP_SYS_PTRACE 19 (capability.h)
    const three = ((1 << 2) | (1 << 18) | (1 << 19)).toString(16).padStart(16, '0');
    expect(status).toMatch(new RegExp(`^CapEff:\\t${three}$`, 'm'));
    expect(status).toMatch(new RegExp(`^CapBnd:\\t${three}$`, 'm'));
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).toMatch(/^Seccomp:\t2$/m);
  });

  it('can ask rpm, below the host’s root, who made a library', async () => {
    await machine.must('rpmbuild', '-bb', '--quiet', '--define', '_topdir /root/rpm', '/root/clib.spec');
    const rpm = ['rpm', '--dbpath', '/var/lib/rpm', '--justdb', '--nodeps', '--nosignature'];
    await machine.must(...rpm, '-i', '/root/rpm/RPMS/noarch/clib-1-1.noarch.rpm');
    const lines = await hostLines();
    await machine.must(...rpm, '-e', 'clib');
    expect(lines).toContain('clib-1-1.noarch, signed by nobody');
  });

  it('logs with priorities that journalctl knows', async () => {
    expect(await machine.journal(UNIT, '-p', 'warning')).not.toContain('"level":30');
    expect(await machine.journal(UNIT)).toMatch(/^\{"level":30,.*"message":"Agent started"/m);
    // a sandbox that refuses what is needed would show here
    expect(await machine.journal(UNIT, '-p', 'err')).toBe('');
  });

  it('measures once more when it is stopped, and has delivered that when it ends', async () => {
    await waitUntil('nothing was measured for 3 s', async () => {
      const { evidenceAt } = await host();
      return evidenceAt !== null && Date.now() - Date.parse(evidenceAt) > 3000;
    });
    const before = Date.now();
    await machine.must('systemctl', 'stop', UNIT);
    expect(Date.now() - before).toBeLessThan(15_000);
    expect(await machine.property(UNIT, 'Result')).toBe('success');
    expect(await machine.property(UNIT, 'ExecMainStatus')).toBe('0');
    expect(Date.parse((await host()).evidenceAt ?? '')).toBeGreaterThanOrEqual(before);
    await machine.must('systemctl', 'start', UNIT);
    await waitUntil('it is connected again', async () => (await host()).standing === 'connected');
  });

  it('comes back after it was killed, and goes on with its chain', async () => {
    const [before, { sequence }] = [await restarts(), await host()];
    process.kill(await machine.mainPid(UNIT), 'SIGKILL');
    await restarted(before);
    await machine.waitFor(UNIT, 'StatusText', /connected to the collector; last scan (reported|sealed)/);
    const after = await host();
    expect(after.verdict).toBe('compliant');
    expect(after.sequence).toBeGreaterThanOrEqual(sequence);
  });
});

describe('the watchdog', () => {
  it('kills an agent that stands still', async () => {
    const before = await restarts();
    process.kill(await machine.mainPid(UNIT), 'SIGSTOP');
    await restarted(before);
    expect(await machine.journal(UNIT)).toContain('Watchdog timeout');
  });

  it('kills an agent that hangs on a file server; it comes back well when that is there again', async () => {
    await machine.waitFor(UNIT, 'StatusText', /last scan (reported|sealed)/);
    const before = await restarts();
    const silent = await hangFile(machine.initPid, '/usr/bin/server');
    try {
      // a challenge begins a scan, which then hangs
      const check = cluster.sealwatch('check', 'fips', '--timeout', '5s');
      await restarted(before);
      await check;
    } finally {
      await silent.kill();
      await machine.run('umount', '/usr/bin/server');
    }
    await machine.waitFor(UNIT, 'StatusText', /connected to the collector; last scan (reported|sealed)/);
  });

  it('lets a scan live that takes three times its time but gets on', async () => {
    await deployBig();
    await machine.waitFor(UNIT, 'StatusText', /connected to the collector; last scan (reported|sealed)/, 60_000);
    const [before, pid] = [await restarts(), await machine.mainPid(UNIT)];
    const began = Date.now();
    const check = hostLines();
    // a processor that has a twentieth of its time for the agent
    while (Date.now() - began < 3 * WATCHDOG_S * 1000) {
      process.kill(pid, 'SIGSTOP');
      await sleep(190);
      process.kill(pid, 'SIGCONT');
      await sleep(10);
    }
    expect(await Promise.race([check, Promise.resolve('still busy')])).toBe('still busy');
    expect(await check).toContain('/usr/bin/big [file] Signature Validated');
    expect(await restarts()).toBe(before);
  });
});

/** One more component: a file of a gigabyte, which is a hole. */
async function deployBig(): Promise<void> {
  for (const path of [join(cluster.hostRoot('build'), 'usr/bin/big'), machine.at('/usr/bin/big')]) {
    writeFileSync(path, '');
    truncateSync(path, 1024 ** 3);
  }
  const listed = [...cluster.components.map(({ name }) => name), 'big'].flatMap((name) => [
    '--component',
    `${name}=/usr/bin/${name}`,
  ]);
  const sealed = ['--key', 'publisher.key', '--out', 'big.dsse.json'];
  await cluster.mustSealwatch(
    'manifest',
    'create',
    '--id',
    'test-2',
    '--root',
    cluster.hostRoot('build'),
    ...listed,
    ...sealed,
  );
  const file = join(cluster.directory, 'cluster.yaml');
  const document = parseDocument(readFileSync(file, 'utf8'));
  document.setIn(['components', 'worker', 'big'], 'file');
  document.setIn(['manifests'], document.createNode(['big.dsse.json']));
  writeFileSync(file, document.toString());
  await cluster.mustSealwatch('deploy');
}
