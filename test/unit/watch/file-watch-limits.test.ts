import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { FileWatch, type FileWatchDeps } from '@sealwatch/agent/watch/file-watch.js';
import { type WatchInode, watchInode } from '@sealwatch/agent/watch/watch-inode.js';
import type { WatchedPath } from '@sealwatch/agent/watch/watched-path.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quiet } from '../../fakes/agent-chain.js';
import { HeardDisturbances } from '../../fakes/heard-disturbances.js';
import { HostTree } from '../../fakes/host-tree.js';
import { waitUntil } from '../../fakes/wait-until.js';

let tree: HostTree;
let heard: HeardDisturbances;
let watch: FileWatch | undefined;
beforeEach(() => {
  tree = new HostTree();
  heard = new HeardDisturbances();
  tree.write('/usr/bin/kubelet', 'kubelet').write('/opt/etcd', 'etcd');
});
afterEach(async () => {
  await watch?.stop();
  watch = undefined;
  tree.remove();
});

function start(deps: Partial<FileWatchDeps> = {}): FileWatch {
  watch = new FileWatch({ hostRoot: tree.root, onDisturbed: heard.hear, clock: systemClock, log: quiet, ...deps });
  return watch;
}

const file = (path: string, component: string): WatchedPath => ({
  path,
  disturbs: [{ kind: 'files', components: [component] }],
});
const KUBELET = file('/usr/bin/kubelet', 'kubelet');
const ETCD = file('/opt/etcd', 'etcd');
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('20,000 events at once, of which the kernel loses some,', () => {
  it('are a reason to look at everything, and all is watched as before', async () => {
    const files = start();
    await files.follow([KUBELET, ETCD]);
    const { watches } = files.state();
    await heard.after(
      () => {
        for (let i = 0; i < 10_000; i++) {
          writeFileSync(tree.at('/usr/bin/noise'), '');
          rmSync(tree.at('/usr/bin/noise'));
        }
        // the kernel's queue is full: of this there is no event
        renameSync(tree.at('/opt'), tree.at('/moved'));
      },
      { kind: 'everything' },
    );
    expect(heard.of('everything')).toHaveLength(1);
    expect(files.state()).toMatchObject({ overflows: 1, missing: 1, unwatched: [] });
    renameSync(tree.at('/moved'), tree.at('/opt'));
    await waitUntil('etcd was heard', () => heard.components().includes('etcd'));
    await heard.after(() => {
      appendFileSync(tree.at('/usr/bin/kubelet'), 'x');
    });
    expect(heard.components()).toEqual(['kubelet']);
    expect(files.state().watches).toBe(watches);
  });

  it('again and again, do not keep the watch busy', async () => {
    const files = start();
    await files.follow([KUBELET]);
    const began = performance.now();
    while (performance.now() - began < 4000) {
      for (let i = 0; i < 2500; i++) {
        writeFileSync(tree.at('/usr/bin/noise'), '');
        rmSync(tree.at('/usr/bin/noise'));
      }
      await pause(1);
    }
    expect(heard.of('everything').length).toBeGreaterThanOrEqual(1);
    expect(heard.of('everything').length).toBeLessThanOrEqual(4);
    const overflows = files.state().overflows;
    await waitUntil('the flood was over and said', () => heard.of('everything').length >= overflows);
    await pause(100);
    await heard.after(() => {
      appendFileSync(tree.at('/usr/bin/kubelet'), 'x');
    });
    expect(heard.components()).toEqual(['kubelet']);
  });
});

it('a file that is written and replaced for three seconds is said a few times, and after the last time', async () => {
  const files = start();
  await files.follow([KUBELET]);
  let last = 0;
  for (const began = performance.now(); last - began < 3000; last = performance.now()) {
    if (Math.random() < 0.5) tree.write('/usr/bin/kubelet', String(last));
    else {
      tree.write('/usr/bin/new', String(last));
      renameSync(tree.at('/usr/bin/new'), tree.at('/usr/bin/kubelet'));
    }
    await pause(3);
  }
  tree.write('/usr/bin/kubelet', 'the last one');
  last = performance.now();
  await waitUntil('it was said after the last time', () => heard.all.some(({ at }) => at >= last), { timeoutMs: 2500 });
  await pause(1500);
  expect(heard.all.length).toBeLessThanOrEqual(11);
  expect(heard.components()).toEqual(['kubelet']);
});

describe('where there can be no watch', () => {
  /** A kernel that has no watches left from the `from`th on; `recover` lets it have them. */
  function scarce(from: number, errno: string): { watch: WatchInode; recover(): void } {
    let made = 0;
    let limit = from;
    return {
      watch: (path, onEvent) => {
        if (++made > limit) throw Object.assign(new Error(`${errno}: watch`), { code: errno });
        return watchInode(path, onEvent);
      },
      recover: () => {
        limit = Infinity;
      },
    };
  }

  it.each([
    ['ENOSPC', /max_user_watches/],
    ['EMFILE', /max_user_instances/],
  ])('(%s) it is said why, once, and the others are watched', async (errno, why) => {
    const warnings: unknown[] = [];
    const log = Object.assign(Object.create(quiet) as typeof quiet, {
      warn: (fields: unknown) => warnings.push(fields),
    });
    // the root, /usr, /usr/bin and the first file
    const files = start({ watch: scarce(4, errno).watch, log });
    await files.follow([KUBELET, ETCD, file('/opt/other', 'other')]);
    expect(files.state().unwatched).toEqual([
      { path: '/opt/etcd', reason: expect.stringMatching(why) as string },
      { path: '/opt/other', reason: expect.stringMatching(why) as string },
    ]);
    expect(warnings).toHaveLength(1);
    await heard.after(() => {
      appendFileSync(tree.at('/usr/bin/kubelet'), 'x');
    });
    expect(heard.components()).toEqual(['kubelet']);
  });

  it.each<[string, () => void]>([
    [
      'written',
      () => {
        appendFileSync(tree.at('/opt/etcd'), 'x');
      },
    ],
    [
      'replaced',
      () => {
        tree.write('/opt/new', 'etcd');
        renameSync(tree.at('/opt/new'), tree.at('/opt/etcd'));
      },
    ],
    [
      'gone with its directory',
      () => {
        renameSync(tree.at('/opt'), tree.at('/gone'));
      },
    ],
    [
      'reached through a link',
      () => {
        renameSync(tree.at('/opt'), tree.at('/other'));
        tree.link('/opt', 'other');
      },
    ],
  ])('a file that was %s is heard a little later', async (_, act) => {
    const files = start({ watch: scarce(0, 'ENOSPC').watch, lookEveryMs: 50 });
    await files.follow([ETCD, KUBELET]);
    expect(await heard.within(200, () => undefined)).toEqual([]);
    await heard.after(act);
    expect(heard.components()).toEqual(['etcd']);
  });

  it('it is tried again', async () => {
    const kernel = scarce(4, 'ENOSPC');
    const files = start({ watch: kernel.watch, lookEveryMs: 20 });
    await files.follow([KUBELET, ETCD]);
    expect(files.state().unwatched).toHaveLength(1);
    await heard.after(() => {
      kernel.recover();
    });
    expect(heard.components()).toEqual(['etcd']);
    expect(files.state().unwatched).toEqual([]);
  });

  it('since there are as many as there may be, the rest is looked at', async () => {
    const files = start({ maxWatches: 4, lookEveryMs: 50 });
    await files.follow([KUBELET, ETCD]);
    expect(files.state()).toMatchObject({
      watches: 4,
      unwatched: [{ path: '/opt/etcd', reason: 'more than 4 watches' }],
    });
    await heard.after(() => {
      appendFileSync(tree.at('/opt/etcd'), 'x');
    });
    expect(heard.components()).toEqual(['etcd']);
  });
});

it('a path of thousands of steps is bounded and said', async () => {
  tree.link('/loop', '../'.repeat(1000) + 'usr/bin/kubelet');
  tree.write('/a/b/c/d/e/f/program', '');
  const files = start();
  await files.follow([file(`/${'usr/../'.repeat(300)}usr/bin/kubelet`, 'kubelet'), file('/loop', 'loop')]);
  expect(files.state().unwatched).toEqual([
    { path: expect.stringContaining('usr/../') as string, reason: 'its path has too many steps' },
  ]);
});
