import { posix } from 'node:path';
import { platformPaths } from '@sealwatch/agent/inventory/platform-paths.js';
import { AskedPaths } from '@sealwatch/agent/measure/platform/asked-paths.js';
import { observePlatform } from '@sealwatch/agent/measure/platform/observe-platform.js';
import { expect, it, vi } from 'vitest';
import { type RhelGeneration, RhelTree } from '../../fakes/rhel-tree.js';

it.each<RhelGeneration>([7, 8, 9])('whatever is read of a RHEL %i, but for /proc, is watched', async (generation) => {
  const tree = new RhelTree(generation);
  const add = vi.spyOn(AskedPaths.prototype, 'add');
  try {
    await observePlatform({ hostRoot: tree.root, fileSystemOf: () => Promise.resolve('not-known' as const) });
    const asked = [...new Set(add.mock.calls.map(([path]) => String(path).replace(/^\/lib64\//, '/usr/lib64/')))];
    expect(asked.length).toBeGreaterThan(20);
    const watched = platformPaths(tree.kernel);
    const isWatched = (path: string): boolean =>
      watched.some(
        (place) =>
          place.path === path ||
          (place.path === posix.dirname(path) &&
            place.children !== undefined &&
            (place.children === true || place.children.test(posix.basename(path)))),
      );
    // where an HMAC's program is looked for before it is found
    const tried = ['/usr/lib64/sshd', '/usr/bin/sshd'];
    const read = asked.filter((path) => !path.startsWith('/proc/') && !tried.includes(path));
    expect(read.filter((path) => !isWatched(path))).toEqual([]);
  } finally {
    add.mockRestore();
    tree.remove();
  }
});
