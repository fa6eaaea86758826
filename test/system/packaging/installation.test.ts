import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtRpms } from '../../fakes/built-rpms.js';
import { InstallRoot } from '../../fakes/install-root.js';
import { mustRun } from '../../fakes/run-command.js';

/** Two builds, the first signed; in the order of an installation's life, each test goes on where the last one ended. */
let directory: string;
let machine: InstallRoot;
let key: string;
let first: string;
let second: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-installation-'));
  const gpgHome = join(directory, 'gnupg');
  key = join(directory, 'publisher.asc');
  const gpg = ['gpg', '--homedir', gpgHome, '--batch', '--quiet', '--passphrase', ''];
  await mustRun(['install', '-d', '-m', '700', gpgHome]);
  await mustRun([...gpg, '--quick-gen-key', 'Sealwatch test <rpms@example.org>', 'rsa3072', 'sign', 'never']);
  await mustRun([...gpg, '--armor', '--output', key, '--export', 'rpms@example.org']);
  const build = (release: string, ...args: string[]): Promise<readonly string[]> =>
    builtRpms(['--node', 'distribution', '--release', release, '--out', join(directory, release), ...args, 'agent']);
  [first = ''] = await build('1', '--sign', 'rpms@example.org', '--gpg-home', gpgHome);
  [second = ''] = await build('2');
  machine = await InstallRoot.create();
  await machine.provide('nodejs', ['nodejs(engine) = 20.20.2', '/usr/bin/node']);
  await machine.publish([]);
  await machine.mustInstall('nodejs');
}, 300_000);
afterAll(async () => {
  await mustRun(['gpgconf', '--homedir', join(directory, 'gnupg'), '--kill', 'gpg-agent']);
  rmSync(directory, { recursive: true });
  machine.remove();
});

it('dnf that checks signatures refuses the package nobody signed', async () => {
  await machine.publish([second]);
  const { status, stderr } = await machine.dnf(['install', 'sealwatch-agent'], { gpgKey: key });
  expect(status).not.toBe(0);
  expect(stderr).toContain('is not signed');
});

it('it installs the signed one, and systemd hears of it', async () => {
  await machine.publish([first]);
  const { status, stderr } = await machine.dnf(['install', 'sealwatch-agent'], { gpgKey: key });
  expect([status, stderr.includes('rror')], stderr).toEqual([0, false]);
  expect((await machine.rpm('-q', 'sealwatch-agent', 'nodejs')).status).toBe(0);
  const keyring = ['rpmkeys', '--dbpath', join(directory, 'keyring')];
  await mustRun([...keyring, '--import', key]);
  expect((await mustRun([...keyring, '--checksig', first])).stdout).toContain('digests signatures OK');
  expect((await mustRun([...keyring, '--checksig', second])).stdout).not.toContain('signatures');
  expect(machine.systemctlCalls()).toEqual(['daemon-reload', '--no-reload preset sealwatch-agent.service']);
});

it('rpm -V has nothing to object to, and names a program that was changed', async () => {
  expect((await machine.rpm('-V', 'sealwatch-agent')).stdout).toBe('');
  const program = 'usr/libexec/sealwatch-agent/sealwatch-agent.cjs';
  const good = machine.read(program);
  machine.write(program, `${good} `);
  expect((await machine.rpm('-V', 'sealwatch-agent')).stdout).toMatch(/^S\.5\S+\s+\/usr\/libexec\/sealwatch-agent/);
  machine.write(program, good);
});

it('an upgrade keeps settings and state, and restarts the service if it runs', async () => {
  machine.write('etc/sealwatch/agent.yaml', 'logLevel: debug\n');
  machine.write('var/lib/sealwatch-agent/identity/host.key', 'a key\n');
  const { status, stderr } = await machine.rpm('-U', second);
  expect([status, stderr]).toEqual([0, '']);
  expect((await machine.rpm('-q', 'sealwatch-agent')).stdout).toMatch(/-2\.noarch/);
  expect(machine.read('etc/sealwatch/agent.yaml')).toBe('logLevel: debug\n');
  expect(machine.read('var/lib/sealwatch-agent/identity/host.key')).toBe('a key\n');
  expect(statSync(join(machine.root, 'var/lib/sealwatch-agent')).mode & 0o777).toBe(0o700);
  expect(machine.systemctlCalls()).toEqual(['daemon-reload', 'daemon-reload', 'try-restart sealwatch-agent.service']);
});

it('an erasure stops the service and takes the program, and leaves keys and changed settings', async () => {
  const { status } = await machine.rpm('-e', 'sealwatch-agent');
  expect(status).toBe(0);
  expect(machine.systemctlCalls()).toEqual([
    '--no-reload disable sealwatch-agent.service',
    '--no-reload disable sealwatch-agent-enroll.service',
    'stop sealwatch-agent.service',
    'daemon-reload',
  ]);
  const { stdout } = await mustRun(['find', 'etc', 'usr', 'var', '-path', '*sealwatch*'], { cwd: machine.root });
  expect(stdout.trim().split('\n').sort()).toEqual([
    'etc/sealwatch',
    'etc/sealwatch/agent.yaml.rpmsave',
    'var/lib/sealwatch-agent',
    'var/lib/sealwatch-agent/identity',
    'var/lib/sealwatch-agent/identity/host.key',
  ]);
});
