import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { openBelow, type OpenedPath } from '@sealwatch/shared/hashing/walk-path.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asNobody } from '../fakes/as-nobody.js';
import { HostTree } from '../fakes/host-tree.js';

let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
});
afterEach(() => {
  tree.remove();
});

interface Seen {
  readonly content: string;
  readonly realPath: string;
}

/** What a path leads to: what stands in the file, or the outcome. */
async function look(path: string | Buffer, root = tree.root): Promise<Seen | Exclude<OpenedPath, { state: 'opened' }>> {
  const opened = await openBelow(root, Buffer.from(path));
  if (opened.state !== 'opened') return opened;
  try {
    return { content: readFileSync(opened.fd, 'utf8'), realPath: opened.realPath.toString('latin1') };
  } finally {
    await opened.close();
  }
}

const absent = { state: 'absent' };

describe('a path below a root', () => {
  it('opens the regular file it names', async () => {
    tree.write('/usr/bin/kubelet', 'inside');
    const seen = { content: 'inside', realPath: '/usr/bin/kubelet' };
    expect(await look('/usr/bin/kubelet')).toEqual(seen);
    expect(await look('usr//bin/./kubelet')).toEqual(seen);
  });

  it('is absent if a name is missing, a link dangles or a step is no directory', async () => {
    tree.write('/usr/bin/kubelet').link('/usr/bin/dangling', 'nowhere/at/all');
    expect(await look('/usr/bin/kubeadm')).toEqual(absent);
    expect(await look('/usr/lib/kubeadm')).toEqual(absent);
    expect(await look('/usr/bin/dangling')).toEqual(absent);
    expect(await look('/usr/bin/kubelet/kubelet')).toEqual(absent);
  });

  it('is unreadable, never absent, if the root itself is not there', async () => {
    tree.write('/file');
    expect(await look('/file', tree.at('/gone'))).toEqual({
      state: 'unreadable',
      reason: 'the host root: cannot be read (ENOENT)',
    });
    expect(await look('/', tree.at('/file'))).toMatchObject({ state: 'unreadable' });
  });
});

describe('symbolic links', () => {
  it('are followed below the root, and the real path is told', async () => {
    tree.write('/opt/k8s/kubelet', 'inside').link('/usr/bin/kubelet', '../../opt/k8s/kubelet').link('/sbin', 'usr/bin');
    expect(await look('/sbin/kubelet')).toEqual({ content: 'inside', realPath: '/opt/k8s/kubelet' });
  });

  it('with an absolute target begin again at the root, not at ours', async () => {
    tree.write('/etc/hostname', 'inside').link('/name', '/etc/hostname').link('/etc/alias', '/name');
    expect(await look('/etc/alias')).toEqual({ content: 'inside', realPath: '/etc/hostname' });
    tree.link('/escape', '/usr/bin/env');
    expect(readFileSync('/usr/bin/env').length).toBeGreaterThan(0);
    expect(await look('/escape')).toEqual(absent);
  });

  it('and paths can not climb above the root', async () => {
    tree.write('/etc/passwd', 'inside').link('/a/b/climb', `${'../'.repeat(50)}etc/passwd`);
    const inside = { content: 'inside', realPath: '/etc/passwd' };
    expect(await look('/a/b/climb')).toEqual(inside);
    expect(await look(`${'../'.repeat(50)}etc/passwd`)).toEqual(inside);
    tree.link('/above', `${'../'.repeat(50)}usr/bin/env`);
    expect(await look('/above')).toEqual(absent);
  });

  it('go up to the parent of where they led, as the kernel does', async () => {
    tree.write('/opt/file', 'opt').write('/usr/file', 'usr').directory('/opt/dir').link('/usr/dir', '/opt/dir');
    expect(await look('/usr/dir/../file')).toEqual({ content: 'opt', realPath: '/opt/file' });
  });

  it('are followed forty times and no further', async () => {
    tree.write('/link0', 'end');
    for (let i = 1; i <= 41; i++) tree.link(`/link${String(i)}`, `link${String(i - 1)}`);
    expect(await look('/link40')).toEqual({ content: 'end', realPath: '/link0' });
    const loop = { state: 'not-regular', fileType: 'symlink-loop' };
    expect(await look('/link41')).toEqual(loop);
    tree.link('/self', 'self').link('/ping', '/pong').link('/pong', '/ping');
    expect(await look('/self')).toEqual(loop);
    expect(await look('/ping/file')).toEqual(loop);
  });

  it('that cost more steps than any honest path end as unreadable, soon', async () => {
    tree.directory('/a').link('/bomb', `${'a/../'.repeat(800)}bomb`);
    expect(await look('/bomb')).toEqual({ state: 'unreadable', reason: 'the path has too many steps' });
  });

  it('of /proc are text like any other: they lead below the root or nowhere', async () => {
    const exe = await openBelow('/', Buffer.from('/proc/self/exe'));
    if (exe.state !== 'opened') throw new Error(exe.state);
    expect(exe.realPath.toString()).toBe(process.execPath);
    await exe.close();
    const file = openSync(tree.at('/open'), 'w');
    tree.link('/held', `/proc/self/fd/${String(file)}`);
    expect(await look('/held')).toEqual(absent);
    closeSync(file);
  });
});

describe('something that is no regular file', () => {
  it.each([
    ['directory', '/dir', () => tree.directory('/dir')],
    ['fifo', '/pipe', () => execFileSync('mkfifo', [tree.at('/pipe')])],
    ['fifo', '/to-pipe', () => execFileSync('mkfifo', [tree.link('/to-pipe', 'pipe').at('/pipe')])],
  ])('is named and never opened for reading: %s', async (fileType, path, make) => {
    make();
    // a FIFO opened for reading would wait here for a writer that never comes
    expect(await look(path)).toEqual({ state: 'not-regular', fileType });
  });

  it('is named: the root itself', async () => {
    expect(await look('/')).toEqual({ state: 'not-regular', fileType: 'directory' });
    expect(await look('')).toEqual({ state: 'not-regular', fileType: 'directory' });
  });

  it('is named: a socket', async () => {
    const server = createServer().listen(tree.at('/socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    expect(await look('/socket')).toEqual({ state: 'not-regular', fileType: 'socket' });
    server.close();
  });

  it('is named: a device', async () => {
    expect(await look('/dev/null', '/')).toEqual({ state: 'not-regular', fileType: 'character-device' });
    if (process.getuid?.() !== 0) return;
    try {
      execFileSync('mknod', [tree.at('/disk'), 'b', '7', '200'], { stdio: 'ignore' });
    } catch {
      return; // a container without CAP_MKNOD
    }
    expect(await look('/disk')).toEqual({ state: 'not-regular', fileType: 'block-device' });
  });
});

describe('names', () => {
  it.each([
    ['spaces', Buffer.from('kube let ')],
    ['a new line', Buffer.from('kube\nlet')],
    ['a backslash and quotes', Buffer.from('k\\x41"\'')],
    ['bytes that are not UTF-8', Buffer.from([0x6b, 0xff, 0xc3, 0x28, 0x80])],
    ['255 bytes', Buffer.alloc(255, 'n')],
  ])('may have %s', async (_, name) => {
    const directory = Buffer.concat([Buffer.from(`${tree.root}/`), name]);
    mkdirSync(directory);
    writeFileSync(Buffer.concat([directory, Buffer.from('/'), name]), 'inside');
    symlinkSync(Buffer.concat([name, Buffer.from('/'), name]), tree.at('/link'));
    const realPath = Buffer.concat([Buffer.from('/'), name, Buffer.from('/'), name]);
    expect(await look(realPath)).toEqual({ content: 'inside', realPath: realPath.toString('latin1') });
    expect(await look('/link')).toEqual({ content: 'inside', realPath: realPath.toString('latin1') });
  });

  it('no file system could hold are unreadable', async () => {
    expect(await look(`/${'n'.repeat(256)}`)).toEqual({ state: 'unreadable', reason: 'name too long (ENAMETOOLONG)' });
    expect(await look('/nul\0byte')).toMatchObject({ state: 'unreadable' });
  });

  it('may be deep', async () => {
    const deep = `/${'d/'.repeat(900)}file`;
    tree.write(deep, 'inside');
    expect(await look(deep)).toEqual({ content: 'inside', realPath: deep });
  });
});

describe('without the right to look', () => {
  beforeEach(() => {
    chmodSync(tree.root, 0o755);
  });

  it('a file nobody may read is unreadable, not absent', async () => {
    tree.write('/secret', 'x');
    chmodSync(tree.at('/secret'), 0o000);
    const denied = { state: 'unreadable', reason: 'permission denied (EACCES)' };
    expect(await asNobody(() => look('/secret'))).toEqual(denied);
  });

  it('what stands below a closed directory is unreadable, whether it exists or not', async () => {
    tree.write('/closed/file', 'x');
    chmodSync(tree.at('/closed'), 0o600);
    const denied = { state: 'unreadable', reason: 'permission denied (EACCES)' };
    expect(await asNobody(() => look('/closed/file'))).toEqual(denied);
    expect(await asNobody(() => look('/closed/none'))).toEqual(denied);
    chmodSync(tree.at('/closed'), 0o700);
  });
});

describe('while somebody rearranges the tree', () => {
  it('a directory that turns into a link to the outside never leads there', async () => {
    const outside = new HostTree().write('/file', 'outside');
    tree.write('/real/file', 'inside').link('/out', outside.root).link('/spin', 'real');
    const swapping = swapper(tree.root);
    const states = new Set<string>();
    try {
      for (let i = 0; i < 3000; i++) {
        const seen = await look('/spin/file');
        if ('content' in seen) expect(seen.content).toBe('inside');
        states.add('content' in seen ? 'inside' : seen.state);
      }
    } finally {
      swapping.kill();
      outside.remove();
    }
    // it did change under us
    expect(states.size).toBeGreaterThan(1);
  });
});

/** Puts a directory, a link to the outside and a link to the inside at the same name in turn, as fast as it can. */
function swapper(root: string): { kill(): void } {
  const script = `
    const { renameSync, symlinkSync, rmSync } = require('node:fs');
    process.chdir(process.argv[1]);
    for (;;) {
      symlinkSync(require('node:fs').readlinkSync('out'), 'next'); renameSync('next', 'spin');
      rmSync('spin'); renameSync('real', 'spin'); renameSync('spin', 'real');
      symlinkSync('real', 'next'); renameSync('next', 'spin');
    }`;
  const child = spawn(process.execPath, ['-e', script, root], { stdio: 'ignore' });
  return { kill: () => child.kill('SIGKILL') };
}

describe('descriptors', () => {
  it('are closed whatever the path leads to', async () => {
    tree.write('/a/file').link('/a/link', '../a/../a/file').link('/loop', 'loop').link('/up', '../..');
    const paths = ['/a/file', '/a/link', '/loop', '/up', '/a', '/none/at/all', '/a/file/below', `/${'n'.repeat(300)}`];
    const all = async (): Promise<void> => {
      for (const path of paths) await look(path);
      await look('/a', tree.at('/gone'));
    };
    await all();
    const before = readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 20; i++) await all();
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 10);
  });
});
