import { linkerDirectories } from '@sealwatch/agent/measure/process/linker-directories.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostTree } from '../../fakes/host-tree.js';

let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
});
afterEach(() => {
  tree.remove();
});

const ALWAYS = ['/lib', '/lib64', '/usr/lib', '/usr/lib64'];

describe('the directories of system libraries', () => {
  it('are the linker’s own where nothing else is said', async () => {
    expect(await linkerDirectories(tree.root)).toEqual(ALWAYS);
  });

  it('are also those its configuration names, and the files it includes', async () => {
    tree
      .write('/etc/ld.so.conf', 'include ld.so.conf.d/*.conf\n/opt/lib\n')
      .write('/etc/ld.so.conf.d/mysql.conf', '/usr/lib64/mysql\n')
      .write('/etc/ld.so.conf.d/ignored.txt', '/ignored\n');
    expect(await linkerDirectories(tree.root)).toEqual([...ALWAYS, '/opt/lib', '/usr/lib64/mysql'].sort());
  });

  it('are not read through a link out of the root, nor without end', async () => {
    tree
      .write('/etc/ld.so.conf', 'include /etc/ld.so.conf.d/*.conf\ninclude /etc/passwd /etc/*\n')
      .link('/etc/ld.so.conf.d/out.conf', '/etc/ld.so.conf')
      .link('/etc/ld.so.conf.d/up.conf', '../../../../../../etc/hosts')
      .link('/etc/ld.so.conf.d/loop.conf', 'loop.conf')
      .directory('/etc/ld.so.conf.d/directory.conf');
    expect(await linkerDirectories(tree.root)).toEqual(ALWAYS);
  });
});
