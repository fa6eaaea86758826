import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { FileWatch } from '@sealwatch/agent/watch/file-watch.js';
import { MountWatch } from '@sealwatch/agent/watch/mount-watch.js';
import type { WatchedPath } from '@sealwatch/agent/watch/watched-path.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quiet } from '../../fakes/agent-chain.js';
import { HeardDisturbances } from '../../fakes/heard-disturbances.js';
import { HostTree } from '../../fakes/host-tree.js';
import { MountedHost } from '../../fakes/mounted-host.js';

const PROGRAM = '/opt/k8s/bin/program';
const WATCHED: readonly WatchedPath[] = [{ path: PROGRAM, disturbs: [{ kind: 'files', components: ['program'] }] }];

let tree: HostTree;
let heard: HeardDisturbances;
let mounts: string[];
let files: FileWatch | undefined;
let table: MountWatch | undefined;
beforeEach(() => {
  tree = new HostTree();
  heard = new HeardDisturbances();
  mounts = [];
  tree.write(PROGRAM, 'program').write('/other/program', 'other').directory('/var/lib/pods/1').directory('/proc');
});
afterEach(async () => {
  table?.stop();
  await files?.stop();
  for (const place of mounts.reverse()) execFileSync('umount', ['-l', place]);
  tree.remove();
});

async function watch(hostRoot: string): Promise<void> {
  const onDisturbed = heard.hear;
  const watching = new FileWatch({ hostRoot, onDisturbed, clock: systemClock, log: quiet });
  files = watching;
  table = new MountWatch({
    hostRoot,
    onMounted: (place) => void watching.mounted(place),
    onDisturbed,
    log: quiet,
    intervalMs: 50,
  });
  table.start();
  await watching.follow(WATCHED);
}

function mount(args: readonly string[], path: string): void {
  execFileSync('mount', [...args, tree.at(path)]);
  mounts.push(tree.at(path));
}

function unmount(path: string): void {
  mounts.splice(mounts.indexOf(tree.at(path)), 1);
  execFileSync('umount', [tree.at(path)]);
}

const write = (path: string): void => {
  appendFileSync(tree.at(path), 'x');
};

/** Whatever is at the path now is what is watched. */
async function expectWatched(): Promise<void> {
  await heard.after(() => {
    write(PROGRAM);
  });
  expect(heard.components()).toEqual(['program']);
}

describe('attributes that no file time shows', () => {
  it.each([
    ['setfattr', ['-n', 'security.test', '-v', '1']],
    ['setcap', ['cap_net_admin+ep']],
  ])('set by %s are heard', async (program, args) => {
    await watch(tree.root);
    await heard.after(() => {
      execFileSync(program, [...args, tree.at(PROGRAM)]);
    });
    expect(heard.components()).toEqual(['program']);
  });
});

describe('a mount', () => {
  it.each<[string, readonly string[], string]>([
    ['a file system over its directory', ['-t', 'tmpfs', 'none'], '/opt/k8s/bin'],
    ['a file system over a directory further up', ['-t', 'tmpfs', 'none'], '/opt'],
  ])('%s is heard, then what is made there, and the end of it', async (_, args, place) => {
    await watch(tree.root);
    await heard.after(() => {
      mount(args, place);
    });
    expect(heard.components()).toEqual(['program']);
    expect(files?.state()).toMatchObject({ missing: 1 });
    await heard.after(() => {
      tree.write(PROGRAM, 'another');
    });
    await expectWatched();
    await heard.after(() => {
      unmount(place);
    });
    expect(heard.components()).toEqual(['program']);
    await expectWatched();
  });

  it('of another file over the watched one is heard, then what happens to that one', async () => {
    await watch(tree.root);
    await heard.after(() => {
      mount(['--bind', tree.at('/other/program')], PROGRAM);
    });
    expect(heard.components()).toEqual(['program']);
    await heard.after(() => {
      write('/other/program');
    });
    await heard.after(() => {
      unmount(PROGRAM);
    });
    await expectWatched();
  });

  it('of layers over its directory is heard, then what is written to them', async () => {
    tree.directory('/layers');
    mount(['-t', 'tmpfs', 'none'], '/layers');
    tree.directory('/layers/up').directory('/layers/work').write('/layers/low/program', 'low');
    await watch(tree.root);
    const options = `lowerdir=${tree.at('/layers/low')},upperdir=${tree.at('/layers/up')},workdir=${tree.at('/layers/work')}`;
    await heard.after(() => {
      mount(['-t', 'overlay', 'overlay', '-o', options], '/opt/k8s/bin');
    });
    expect(heard.components()).toEqual(['program']);
    // this copies the file up
    await expectWatched();
    await expectWatched();
    await heard.after(() => {
      unmount('/opt/k8s/bin');
    });
    await expectWatched();
  });

  it('as every pod brings some disturbs nobody', async () => {
    await watch(tree.root);
    const said = await heard.within(500, () => {
      mount(['-t', 'tmpfs', 'none'], '/var/lib/pods/1');
      mkdirSync(tree.at('/var/lib/pods/1/x'));
    });
    expect(said).toEqual([]);
    expect(
      await heard.within(300, () => {
        unmount('/var/lib/pods/1');
      }),
    ).toEqual([]);
  });
});

it('a file system that is unmounted under the watch takes its watches with it, and those below come back', async () => {
  mount(['-t', 'tmpfs', 'none'], '/opt');
  tree.write(PROGRAM, 'on tmpfs');
  // without the mount table: the kernel says the end of a file system itself
  files = new FileWatch({ hostRoot: tree.root, onDisturbed: heard.hear, clock: systemClock, log: quiet });
  await files.follow(WATCHED);
  await expectWatched();
  await heard.after(() => {
    unmount('/opt');
  });
  expect(heard.components()).toEqual(['program']);
  await expectWatched();
});

it("a host's own mounts and files are heard from outside of it", async () => {
  const host = await MountedHost.start(tree.root);
  try {
    await watch(host.hostRoot);
    await heard.after(() => {
      host.mount(['-t', 'tmpfs', 'none'], '/opt/k8s/bin');
    });
    expect(heard.components()).toEqual(['program']);
    await heard.after(() => {
      writeFileSync(`${host.hostRoot}${PROGRAM}`, 'inside');
    });
    await heard.after(() => {
      host.unmount('/opt/k8s/bin');
    });
    expect(heard.components()).toEqual(['program']);
    await expectWatched();
    await heard.after(() => {
      host.mount(['-t', 'tmpfs', 'none'], '/proc/sys');
    });
    expect(heard.of('host')).toEqual([{ kind: 'host' }]);
  } finally {
    await host.stop();
  }
});
