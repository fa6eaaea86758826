import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HostTree } from '../../fakes/host-tree.js';

let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
});
afterEach(() => {
  tree.remove();
});

it('where the kernel grants four inotify watches, the rest is looked at, and it is said once', () => {
  const paths = ['/a/one', '/b/two', '/c/three'];
  for (const path of paths) tree.write(path, '');
  // the bound is the user namespace's own (namespaces(7), /proc/sys/user)
  const script = 'echo 4 > /proc/sys/user/max_inotify_watches && exec "$@"';
  const program = join(import.meta.dirname, '..', '..', 'fakes', 'scarce-watches.mjs');
  const out = execFileSync(
    'unshare',
    ['--user', '--map-root-user', 'sh', '-c', script, 'sh', process.execPath, program, tree.root, ...paths],
    { encoding: 'utf8', timeout: 60_000 },
  );
  expect(JSON.parse(out)).toEqual({
    unwatched: 2,
    warnings: [expect.stringContaining('max_user_watches') as string],
    said: paths,
  });
});
