import { observePlatform } from '@sealwatch/agent/measure/platform/observe-platform.js';
import { judgePlatform, type PlatformJudgement } from '@sealwatch/shared/platform/judge-platform.js';
import { platformObservationSchema } from '@sealwatch/shared/platform/platform-observation-schema.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MountedHost } from '../../fakes/mounted-host.js';
import { RhelTree } from '../../fakes/rhel-tree.js';

let tree: RhelTree;
let host: MountedHost;
const mounted: string[] = [];

beforeAll(async () => {
  tree = new RhelTree(8);
  tree.drop('/proc').directory('/proc').directory('/overlay/upper').directory('/overlay/work');
  tree.write('/fake/cmdline', 'ro fips=1 boot=UUID=7c1f\n');
  tree.write('/fake/sys/crypto/fips_enabled', '1\n').write('/fake/sys/kernel/osrelease', `${tree.kernel}\n`);
  tree.write('/fake/library', 'code of libcrypto.so.1.1.1k');
  host = await MountedHost.start(tree.root);
});
afterEach(() => {
  for (const path of mounted.splice(0).reverse()) host.unmount(path);
});
afterAll(async () => {
  await host.stop();
  tree.remove();
});

function mount(args: readonly string[], path: string): void {
  host.mount(args, path);
  mounted.push(path);
}

function bind(what: string, path: string): void {
  mount(['--bind', host.at(what)], path);
}

async function judge(): Promise<PlatformJudgement> {
  const observation = await observePlatform({ hostRoot: host.hostRoot });
  expect(platformObservationSchema.safeParse(observation).success).toBe(true);
  return judgePlatform(observation);
}

async function covered(): Promise<string[]> {
  const { fips, deviations } = await judge();
  expect(fips.state).not.toBe('enabled');
  return deviations.filter(({ code }) => code === 'host.facts-covered').map(({ observed }) => observed);
}

describe('on a host with real mounts', () => {
  it('nothing is covered, and statfs knows procfs', async () => {
    expect(await covered()).toEqual([]);
    const { mounts, commandLine } = await observePlatform({ hostRoot: host.hostRoot });
    expect(mounts.commandLineOn).toBe('proc');
    expect(mounts.over).toMatchObject({ state: 'value', value: [{ mountPoint: '/proc', fsType: 'proc', root: '/' }] });
    expect(commandLine.state).toBe('value');
  });

  it('a command line that was bound over is found by the mount table and by statfs', async () => {
    bind('/fake/cmdline', '/proc/cmdline');
    expect(await covered()).toEqual([
      expect.stringContaining('/proc/cmdline is covered by /fake/cmdline') as unknown,
      '/proc/cmdline is not on a procfs',
    ]);
  });

  it('the published trick, all of FIPS mode faked at once, is not believed', async () => {
    bind('/fake/cmdline', '/proc/cmdline');
    bind('/fake/sys', '/proc/sys');
    const { fips, deviations } = await judge();
    expect(fips.witnesses.map(({ says }) => says)).toEqual(['unknown', 'unknown', 'yes', 'yes']);
    expect(fips.state).toBe('unknown');
    expect(deviations.filter(({ code }) => code === 'host.facts-covered')).toHaveLength(4);
  });

  it('when the tricks are undone nothing is covered any more', async () => {
    expect(await covered()).toEqual([]);
  });

  it.each([
    ['a good library over a bad one', '/fake/library', '/usr/lib64/libcrypto.so.1.1.1k'],
    ['a sidecar', '/fake/cmdline', '/usr/lib64/.libcrypto.so.1.1.1k.hmac'],
    ['os-release, where its link leads', '/fake/cmdline', '/usr/lib/os-release'],
    ['a directory of the policy', '/fake', '/etc/crypto-policies/back-ends'],
  ])('%s is named', async (_, what, path) => {
    bind(what, path);
    expect(await covered()).toEqual([expect.stringContaining(`${path} is covered by ${what}`) as unknown]);
  });

  it('a file system of memory and an overlay are named', async () => {
    mount(['-t', 'tmpfs', 'tmpfs'], '/etc/crypto-policies');
    const layers = `lowerdir=${host.at('/usr')},upperdir=${host.at('/overlay/upper')},workdir=${host.at('/overlay/work')}`;
    mount(['-t', 'overlay', 'overlay', '-o', layers], '/usr');
    expect(await covered()).toEqual([
      expect.stringContaining('/etc/crypto-policies is covered by') as unknown,
      expect.stringContaining('/usr is covered by') as unknown,
    ]);
  });

  it('a second mount that hides the first does not hide it from us', async () => {
    bind('/fake/cmdline', '/proc/cmdline');
    bind('/fake/library', '/proc/cmdline');
    expect(await covered()).toHaveLength(3);
  });

  it('procfs shown again where it belongs is honest', async () => {
    bind('/proc/sys', '/proc/sys');
    mount(['-t', 'tmpfs', 'tmpfs'], '/overlay/work');
    expect(await covered()).toEqual([]);
  });
});
