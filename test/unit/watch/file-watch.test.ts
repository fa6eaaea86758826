import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { FileWatch } from '@sealwatch/agent/watch/file-watch.js';
import type { WatchedPath } from '@sealwatch/agent/watch/watched-path.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quiet } from '../../fakes/agent-chain.js';
import { HeardDisturbances } from '../../fakes/heard-disturbances.js';
import { HostTree } from '../../fakes/host-tree.js';

let tree: HostTree;
let heard: HeardDisturbances;
let watch: FileWatch;
beforeEach(() => {
  tree = new HostTree();
  heard = new HeardDisturbances();
  tree.write('/usr/bin/kubelet', 'kubelet').write('/usr/bin/etcd', 'etcd').write('/opt/lone/program', 'program');
  watch = new FileWatch({ hostRoot: tree.root, onDisturbed: heard.hear, clock: systemClock, log: quiet });
});
afterEach(async () => {
  await watch.stop();
  tree.remove();
});

function file(path: string, component: string): WatchedPath {
  return { path, disturbs: [{ kind: 'files', components: [component] }] };
}

const KUBELET = file('/usr/bin/kubelet', 'kubelet');
const ETCD = file('/usr/bin/etcd', 'etcd');

/** Something replaces a file the way a package manager does. */
function replaceFile(path: string, content: string): void {
  tree.write(`${path}.new`, content);
  renameSync(tree.at(`${path}.new`), tree.at(path));
}

describe('a watched file disturbs its component, and no other, when it', () => {
  beforeEach(() => watch.follow([KUBELET, ETCD]));

  it.each<[string, () => void]>([
    [
      'is written',
      () => {
        appendFileSync(tree.at('/usr/bin/kubelet'), 'x');
      },
    ],
    [
      'is cut',
      () => {
        const fd = openSync(tree.at('/usr/bin/kubelet'), 'r+');
        ftruncateSync(fd, 3);
        closeSync(fd);
      },
    ],
    [
      'is replaced',
      () => {
        replaceFile('/usr/bin/kubelet', 'other');
      },
    ],
    [
      'is deleted',
      () => {
        rmSync(tree.at('/usr/bin/kubelet'));
      },
    ],
    [
      'is moved away',
      () => {
        renameSync(tree.at('/usr/bin/kubelet'), tree.at('/kubelet'));
      },
    ],
    [
      'gets other rights',
      () => {
        chmodSync(tree.at('/usr/bin/kubelet'), 0o4755);
      },
    ],
    [
      'gets other times',
      () => {
        utimesSync(tree.at('/usr/bin/kubelet'), 1, 1);
      },
    ],
    ['becomes a link', () => tree.replace('/usr/bin/kubelet', 'etcd')],
    [
      'becomes a directory',
      () => {
        rmSync(tree.at('/usr/bin/kubelet'));
        mkdirSync(tree.at('/usr/bin/kubelet'));
      },
    ],
  ])('%s', async (_, act) => {
    await heard.after(act);
    expect(heard.components()).toEqual(['kubelet']);
  });

  it('is written and gets its old times back', async () => {
    const { atime, mtime } = statSync(tree.at('/usr/bin/kubelet'));
    await heard.after(() => {
      writeFileSync(tree.at('/usr/bin/kubelet'), 'KUBELET');
      utimesSync(tree.at('/usr/bin/kubelet'), atime, mtime);
    });
    expect(heard.components()).toEqual(['kubelet']);
  });

  it('is not disturbed by its neighbours, by being read, or by being run', async () => {
    const said = await heard.within(200, () => {
      tree.write('/usr/bin/other', 'other').write('/usr/lib/other', 'other');
      readFileSync(tree.at('/usr/bin/kubelet'));
      execFileSync('sha256sum', [tree.at('/usr/bin/kubelet')]);
    });
    expect(said).toEqual([]);
  });

  it('is said within some milliseconds, and once for one replacement', async () => {
    const began = performance.now();
    await heard.after(() => {
      replaceFile('/usr/bin/kubelet', 'other');
    });
    expect(heard.all).toHaveLength(1);
    expect((heard.all[0]?.at ?? Infinity) - began).toBeLessThan(250);
  });
});

describe('a watched file is heard', () => {
  it('when it is written through another of its names, far away', async () => {
    tree.directory('/far');
    linkSync(tree.at('/usr/bin/kubelet'), tree.at('/far/away'));
    await watch.follow([KUBELET]);
    await heard.after(() => {
      appendFileSync(tree.at('/far/away'), 'x');
    });
    expect(heard.components()).toEqual(['kubelet']);
  });

  it('also after it was replaced, each time, under all its names', async () => {
    await watch.follow([KUBELET]);
    tree.directory('/far');
    for (let i = 0; i < 3; i++) {
      await heard.after(() => {
        replaceFile('/usr/bin/kubelet', `content ${String(i)}`);
      });
      linkSync(tree.at('/usr/bin/kubelet'), tree.at(`/far/${String(i)}`));
      await heard.within(100, () => undefined);
      await heard.after(() => {
        appendFileSync(tree.at(`/far/${String(i)}`), 'x');
      });
      expect(heard.components()).toEqual(['kubelet']);
    }
  });

  it('when it comes into being, with the directories above it', async () => {
    await watch.follow([file('/srv/deep/down/program', 'program')]);
    expect(watch.state()).toMatchObject({ paths: 1, missing: 1, unwatched: [] });
    await heard.after(() => {
      tree.directory('/srv/deep');
    });
    await heard.after(() => {
      tree.write('/srv/deep/down/program', 'program');
    });
    expect(heard.components()).toEqual(['program']);
    expect(watch.state()).toMatchObject({ missing: 0 });
    await heard.after(() => {
      appendFileSync(tree.at('/srv/deep/down/program'), 'x');
    });
  });

  it('when one of its directories is replaced, and then in the new one', async () => {
    await watch.follow([file('/opt/lone/program', 'program')]);
    tree.write('/opt/new/program', 'program');
    await heard.after(() => {
      renameSync(tree.at('/opt/lone'), tree.at('/opt/old'));
      renameSync(tree.at('/opt/new'), tree.at('/opt/lone'));
    });
    expect(heard.components()).toEqual(['program']);
    await heard.after(() => {
      appendFileSync(tree.at('/opt/lone/program'), 'x');
    });
    const said = await heard.within(150, () => {
      appendFileSync(tree.at('/opt/old/program'), 'x');
    });
    expect(said).toEqual([]);
  });

  it('when one of its directories goes and comes back', async () => {
    await watch.follow([file('/opt/lone/program', 'program')]);
    await heard.after(() => {
      renameSync(tree.at('/opt'), tree.at('/away'));
    });
    expect(watch.state()).toMatchObject({ missing: 1 });
    await heard.after(() => {
      renameSync(tree.at('/away'), tree.at('/opt'));
    });
    expect(watch.state()).toMatchObject({ missing: 0 });
    await heard.after(() => {
      appendFileSync(tree.at('/opt/lone/program'), 'x');
    });
    expect(heard.components()).toEqual(['program']);
  });

  it('in a directory that was deleted and made again, many times over', async () => {
    await watch.follow([file('/opt/lone/program', 'program')]);
    // the number of a deleted inode is mostly that of the next one
    for (let i = 0; i < 20; i++) {
      rmSync(tree.at('/opt/lone'), { recursive: true });
      tree.write('/opt/lone/program', String(i));
    }
    await heard.within(1500, () => undefined);
    await heard.after(() => {
      appendFileSync(tree.at('/opt/lone/program'), 'x');
    });
    await heard.after(() => {
      replaceFile('/opt/lone/program', 'y');
    });
    expect(heard.components()).toEqual(['program']);
  });

  it('when a link on the way to it is swapped, and then where it leads', async () => {
    tree.write('/opt/two/program', 'two').link('/opt/current', 'lone');
    await watch.follow([file('/opt/current/program', 'program')]);
    await heard.after(() => {
      appendFileSync(tree.at('/opt/lone/program'), 'x');
    });
    await heard.after(() => {
      symlinkSync('two', tree.at('/opt/next'));
      renameSync(tree.at('/opt/next'), tree.at('/opt/current'));
    });
    expect(heard.components()).toEqual(['program']);
    await heard.after(() => {
      appendFileSync(tree.at('/opt/two/program'), 'x');
    });
  });

  it('below the root that absolute links and dots stay in, and never outside of it', async () => {
    const outside = new HostTree();
    try {
      outside.write('/program', 'outside');
      tree.link('/bin', '/../../usr/bin').link('/escape', outside.at('/program'));
      await watch.follow([file('/bin/kubelet', 'kubelet'), file('/escape', 'escape')]);
      await heard.after(() => {
        appendFileSync(tree.at('/usr/bin/kubelet'), 'x');
      });
      expect(heard.components()).toEqual(['kubelet']);
      const said = await heard.within(150, () => {
        appendFileSync(outside.at('/program'), 'x');
      });
      expect(said).toEqual([]);
      expect(watch.state()).toMatchObject({ missing: 1 });
    } finally {
      outside.remove();
    }
  });

  it('though its name is no text', async () => {
    const name = Buffer.from([0x2f, 0x6f, 0xff, 0xfe, 0x5c]);
    const place = Buffer.concat([Buffer.from(tree.root), name]);
    writeFileSync(place, 'odd');
    await watch.follow([file(pathText(name), 'odd')]);
    await heard.after(() => {
      rmSync(place);
    });
    expect(heard.components()).toEqual(['odd']);
  });

  it('whatever it is: a FIFO is not opened, a loop of links is missing', async () => {
    execFileSync('mkfifo', [tree.at('/pipe')]);
    tree.link('/a', 'b').link('/b', 'a');
    await watch.follow([file('/pipe', 'pipe'), file('/a', 'loop')]);
    expect(watch.state()).toMatchObject({ paths: 2, missing: 1, unwatched: [] });
    await heard.after(() => {
      chmodSync(tree.at('/pipe'), 0o600);
    });
    await heard.after(() => {
      rmSync(tree.at('/b'));
      tree.write('/b', 'end');
    });
    expect(heard.components()).toEqual(['loop']);
  });
});

describe('a watched directory', () => {
  const manifests = '/etc/kubernetes/manifests';
  const pods: WatchedPath = { path: manifests, children: true, disturbs: [{ kind: 'images' }, { kind: 'services' }] };

  it('disturbs by every entry that comes, changes or goes, with all it has to say', async () => {
    tree.directory(manifests);
    await watch.follow([pods]);
    for (const act of [
      () => {
        tree.write(`${manifests}/etcd.yaml`, 'a');
      },
      () => {
        appendFileSync(tree.at(`${manifests}/etcd.yaml`), 'b');
      },
      () => {
        renameSync(tree.at(`${manifests}/etcd.yaml`), tree.at(`${manifests}/.hidden`));
      },
      () => {
        rmSync(tree.at(`${manifests}/.hidden`));
      },
    ]) {
      await heard.after(act);
      expect(heard.of('images')).not.toEqual([]);
      expect(heard.of('services')).not.toEqual([]);
    }
  });

  it('is heard when it comes into being, and then its entries', async () => {
    await watch.follow([pods]);
    await heard.after(() => {
      tree.directory(manifests);
    });
    await heard.after(() => {
      tree.write(`${manifests}/etcd.yaml`, 'a');
    });
    expect(heard.of('images')).not.toEqual([]);
  });

  it('of which only some names count is not disturbed by others', async () => {
    tree.directory('/usr/lib64');
    await watch.follow([{ path: '/usr/lib64', children: /^libssl\.so/, disturbs: [{ kind: 'host' }] }]);
    expect(await heard.within(150, () => void tree.write('/usr/lib64/libc.so.6', 'x'))).toEqual([]);
    await heard.after(() => {
      tree.write('/usr/lib64/libssl.so.3', 'x');
    });
    expect(heard.of('host')).not.toEqual([]);
  });
});

describe('the list of paths', () => {
  it('can change: who is left out is heard no more, who stays is not disturbed', async () => {
    await watch.follow([KUBELET, ETCD]);
    const before = watch.state();
    expect(await heard.within(100, () => watch.follow([ETCD]))).toEqual([]);
    expect(watch.state()).toMatchObject({ paths: 1, watches: before.watches - 1 });
    expect(
      await heard.within(150, () => {
        appendFileSync(tree.at('/usr/bin/kubelet'), 'x');
      }),
    ).toEqual([]);
    await heard.after(() => {
      appendFileSync(tree.at('/usr/bin/etcd'), 'x');
    });
    await watch.follow([]);
    expect(watch.state()).toMatchObject({ paths: 0, watches: 0 });
  });

  it('can name a path for several components', async () => {
    await watch.follow([file('/usr/bin/kubelet', 'kubelet'), file('/usr/bin/kubelet', 'hyperkube')]);
    await heard.after(() => {
      appendFileSync(tree.at('/usr/bin/kubelet'), 'x');
    });
    expect(heard.components()).toEqual(['hyperkube', 'kubelet']);
    await watch.follow([file('/usr/bin/kubelet', 'renamed')]);
    await heard.after(() => {
      appendFileSync(tree.at('/usr/bin/kubelet'), 'x');
    });
    expect(heard.components()).toEqual(['renamed']);
  });

  it('shares one watch per directory', async () => {
    for (let i = 0; i < 50; i++) tree.write(`/usr/bin/p${String(i)}`, 'x');
    await watch.follow(Array.from({ length: 50 }, (_, i) => file(`/usr/bin/p${String(i)}`, `p${String(i)}`)));
    // the root, usr, bin and the files
    expect(watch.state().watches).toBe(53);
  });

  it('is silent after the end', async () => {
    await watch.follow([KUBELET]);
    await watch.stop();
    expect(
      await heard.within(150, () => {
        appendFileSync(tree.at('/usr/bin/kubelet'), 'x');
      }),
    ).toEqual([]);
    expect(watch.state().watches).toBe(0);
  });
});

describe('a mount', () => {
  it('concerns what is reached through it, and nothing else', async () => {
    tree.link('/bin', 'usr/bin').directory('/etc/kubernetes/manifests');
    await watch.follow([
      file('/bin/kubelet', 'kubelet'),
      { path: '/etc/kubernetes/manifests', children: true, disturbs: [{ kind: 'images' }] },
    ]);
    const mounted = (place: string): boolean => watch.mounted(Buffer.from(place));
    for (const place of ['/usr', '/usr/bin', '/usr/bin/kubelet', '/bin', '/etc', '/etc/kubernetes/manifests/a', '/']) {
      expect([place, mounted(place)]).toEqual([place, true]);
    }
    for (const place of ['/usr/bin/kubelet/x', '/usr/b', '/usr/bin/kub', '/var/lib/pods/1', '/etc/kubernetes/m']) {
      expect([place, mounted(place)]).toEqual([place, false]);
    }
    await heard.within(100, () => undefined);
    await heard.after(() => void mounted('/usr'));
    expect(heard.components()).toEqual(['kubelet']);
    expect(heard.of('images')).toEqual([]);
  });
});
