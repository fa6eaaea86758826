import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askRpm, builtRpms } from '../../fakes/built-rpms.js';
import { flipByte } from '../../fakes/flip-byte.js';
import { InstallRoot } from '../../fakes/install-root.js';
import { waitUntil } from '../../fakes/wait-until.js';

/** The packages with a Node inside, as dnf installs them from a repository; all runs below the root they are in. */
let directory: string;
let machine: InstallRoot;
let agent: string;
let collector: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-installed-'));
  [agent = '', collector = ''] = await builtRpms(['--node', '24', '--out', directory, 'agent', 'collector']);
  const [cli = ''] = await builtRpms(['--node', 'distribution', '--out', directory, 'cli']);
  machine = await InstallRoot.create();
  await machine.provide('nodejs', ['nodejs(engine) = 24.21.0', '/usr/bin/node']);
  await machine.publish([agent, collector, cli]);
  await machine.mustInstall('sealwatch-agent', 'sealwatch-collector', 'sealwatch');
  // in place of what the distribution's package would bring
  machine.write('usr/bin/node', '#!/bin/sh\nexec /usr/libexec/sealwatch-agent/node "$@"\n', 0o755);
}, 600_000);
afterAll(() => {
  rmSync(directory, { recursive: true });
  machine.remove();
});

it.each(['sealwatch-agent', 'sealwatch-collector', 'sealwatch'])('%s starts', async (program) => {
  const { status, stdout, stderr } = await machine.run(program, '--version');
  expect([status, stdout, stderr]).toEqual([0, '0.1.0\n', '']);
});

it('settings of a shell for other programs of Node do not reach ours', async () => {
  machine.write('root/evil.cjs', 'console.log("loaded")\n');
  const { stdout } = await machine.run('env', 'NODE_OPTIONS=--require=/root/evil.cjs', 'sealwatch-agent', '--version');
  expect(stdout).toBe('0.1.0\n');
});

it('the agent verifies another package by a manifest that the command line signed, and finds one changed byte', async () => {
  const program = '/usr/libexec/sealwatch-collector/sealwatch-collector.js';
  const key = ['--out', '/root/publisher.key'];
  await machine.mustRun('sealwatch', 'manifest', 'keygen', ...key);
  const what = ['--id', 'ours', '--component', `collector=${program}`, '--key', '/root/publisher.key'];
  await machine.mustRun('sealwatch', 'manifest', 'create', ...what, '--out', '/root/ours.json');
  const given = ['--manifest', '/root/ours.json', '--publisher-key', '/root/publisher.pub', '--root', '/'];
  const verify = async (): Promise<[number | null, string]> => {
    const { status, stdout } = await machine.run(
      'sealwatch-agent',
      'verify',
      ...given,
      '--output',
      'json',
      '--allow-non-fips-host',
    );
    return [status, JSON.stringify((JSON.parse(stdout) as CheckResult).hosts)];
  };
  const [, before] = await verify();
  expect(before).not.toContain('file.digest-mismatch');
  flipByte(join(machine.root, program));
  const [status, after] = await verify();
  expect(status).toBe(1);
  expect(after).toContain('file.digest-mismatch');
  flipByte(join(machine.root, program));
});

it('the command line and the collector make a cluster together', async () => {
  await machine.mustRun('sealwatch', 'init', '--directory', '/root/cluster', '--mode', 'fips');
  const config = machine.read('root/cluster/cluster.yaml');
  machine.write('root/cluster/cluster.yaml', config.replaceAll(':7443', ':17443').replaceAll(':7444', ':17444'));
  const up = machine.start('sealwatch', 'up', '--mode', 'fips', '--directory', '/root/cluster');
  try {
    await waitUntil('the collector answers', () => /The collector answers at|exit status/.test(up.output), {
      timeoutMs: 60_000,
      explain: () => up.output,
    });
    expect(up.output).toContain('The collector answers at');
    expect(await up.stop(20_000)).toBe(0);
  } finally {
    await up.kill();
  }
  const verified = await machine.run(
    'sealwatch-collector',
    'store',
    'verify',
    '--state-dir',
    '/root/cluster/.sealwatch/collector',
  );
  expect([verified.status, verified.stdout]).toEqual([0, expect.stringContaining('whole')]);
});

it('without the collector’s package, up says what is missing before it makes anything', async () => {
  expect((await machine.rpm('-e', 'sealwatch-collector')).status).toBe(0);
  const { status, stderr } = await machine.run('sealwatch', 'up', '--mode', 'fips', '--directory', '/root/other');
  expect(status).toBe(2);
  expect(stderr).toContain('sealwatch-collector is not installed here');
  expect((await machine.run('ls', '/root')).stdout).not.toContain('other');
});

describe('dnf of a system with the glibc of', () => {
  it.each([
    ['RHEL 7', { glibc: 17, glibcxx: 19, cxxabi: 7 }, { agent: false, collector: false }],
    ['RHEL 8', { glibc: 28, glibcxx: 25, cxxabi: 11 }, { agent: true, collector: false }],
    ['RHEL 9', { glibc: 34, glibcxx: 29, cxxabi: 13 }, { agent: true, collector: true }],
  ])('%s takes the packages whose Node and SQLite run there, and no others', async (name, libraries, taken) => {
    const old = `old-${name.slice(-1)}`;
    const wanted = [...(await askRpm(agent, '--requires')), ...(await askRpm(collector, '--requires'))];
    const provides = wanted.filter((need) => isThere(need, libraries));
    await machine.provide(old, provides);
    await machine.publish([agent, collector]);
    const root = join(directory, old);
    const tried = async (what: string): Promise<boolean> => {
      const args = ['install', '--setopt=tsflags=test', '--exclude=base', what];
      return (await machine.dnf(args, { root })).status === 0;
    };
    expect({ agent: await tried('sealwatch-agent'), collector: await tried('sealwatch-collector') }).toEqual(taken);
  });
});

/** Of what our packages require, whether a system with libraries of these ages has it. */
function isThere(
  need: string,
  { glibc, glibcxx, cxxabi }: { glibc: number; glibcxx: number; cxxabi: number },
): boolean {
  if (/^(rpmlib|config)\(/.test(need)) return false;
  const [, set = '', age = '0'] = /\((GLIBC_2|GLIBCXX_3\.4|CXXABI_1\.3)\.(\d+)/.exec(need) ?? [];
  const newest = { GLIBC_2: glibc, 'GLIBCXX_3.4': glibcxx, 'CXXABI_1.3': cxxabi }[set] ?? Infinity;
  return Number(age) <= newest;
}
