import { chmodSync, copyFileSync, mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { asNobody } from '../../fakes/as-nobody.js';
import { deviations, factsOf, fileNamed, identityOf, observe } from '../../fakes/measured-process.js';
import { SmallProcfs } from '../../fakes/small-procfs.js';
import { VictimPrograms } from '../../fakes/victim-programs.js';
import { waitUntil } from '../../fakes/wait-until.js';

const victims = new VictimPrograms();
const program = victims.at('bin/program');
const procs: SmallProcfs[] = [];

beforeAll(async () => {
  await victims.build();
  mkdirSync(victims.at('bin'));
  mkdirSync(victims.at('other'));
  copyFileSync(victims.at('victim'), program);
  writeFileSync(victims.at('other/file'), 'other');
});
afterEach(async () => {
  await victims.stopAll();
  for (const proc of procs.splice(0)) proc.remove();
});
afterAll(() => victims.dispose());

/** A procfs in which `init` stands for pid 1. */
function procfs(init: number, ...pids: readonly number[]): string {
  const proc = new SmallProcfs(init).add(...pids);
  procs.push(proc);
  return proc.root;
}

/** Runs a script in a mount namespace of its own, which stands for the host's; its child is the component. */
async function inNewHost(script: string): Promise<{ init: number; child: number }> {
  const shell = await victims.start(['unshare', '-m', '--propagation', 'private', 'sh', '-c', script, program]);
  const child = await waitUntil('the child is known', () => /child (\d+)/.exec(shell.output)?.[1]);
  await waitUntil('the mounts are made', () => shell.output.includes('mounted'), { explain: () => shell.output });
  victims.adopt(Number(child));
  return { init: shell.pid, child: Number(child) };
}

const START = '"$0" & echo child $!; sleep 0.2;';
const END = '&& echo mounted; exec sleep 1000';

describe('a mount seen from pid 1', () => {
  it('over the path of a running component is found, and what it shows', async () => {
    const { init, child } = await inNewHost(`${START} mount --bind ${victims.at('other/file')} "$0" ${END}`);
    const facts = await factsOf(child, {
      procRoot: procfs(init, child),
      hostRoot: `/proc/${String(init)}/root`,
    });
    expect(facts.executable).toMatchObject({
      path: program,
      onDisk: { state: 'replaced', digest: sha256(Buffer.from('other')) },
    });
    expect(facts.mountNamespace).toEqual({ state: 'known', value: 'host' });
    expect(facts.mounts).toMatchObject({
      state: 'known',
      value: expect.arrayContaining([
        expect.objectContaining({ on: 'path', seenBy: 'host', mountPoint: program }),
      ]) as unknown,
    });
  });

  it.each([
    ['a tmpfs', 'mount -t tmpfs none "${0%/*}"', 'tmpfs'],
    [
      'an overlay',
      'mount -t tmpfs none /mnt && mkdir /mnt/up /mnt/work && mount -t overlay -o lowerdir=${0%/*},upperdir=/mnt/up,workdir=/mnt/work none "${0%/*}"',
      'overlay',
    ],
  ])('of %s over its directory is found', async (_, mount, fsType) => {
    const { init, child } = await inNewHost(`${START} ${mount} ${END}`);
    const facts = await factsOf(child, {
      procRoot: procfs(init, child),
      hostRoot: `/proc/${String(init)}/root`,
    });
    expect(facts.mounts).toMatchObject({
      value: expect.arrayContaining([
        { on: 'ancestor', seenBy: 'host', mountPoint: dirname(program), fsType, root: '/' },
      ]) as unknown,
    });
    // the overlay shows the same bytes under another number
    expect(facts.executable.onDisk.state).toBe(fsType === 'tmpfs' ? 'hidden' : 'replaced');
    expect(deviations(facts)).toEqual([]);
  });
});

describe('a process with a mount namespace of its own', () => {
  it('but the host’s root runs what the host does not have at that path', async () => {
    const { child } = await inNewHost(`mount --bind ${victims.at('static')} "$0" && ${START} true ${END}`);
    const facts = await factsOf(child, { procRoot: procfs(process.pid, child) });
    expect(facts).toMatchObject({
      root: 'host',
      mountNamespace: { value: 'own' },
      executable: { path: program, onDisk: { state: 'replaced' } },
      mounts: {
        value: expect.arrayContaining([expect.objectContaining({ on: 'path', seenBy: 'process' })]) as unknown,
      },
    });
  });

  it('and a root of its own is seen from there, as a container is', async () => {
    const root = victims.at('container');
    mkdirSync(`${root}/etc`, { recursive: true });
    mkdirSync(`${root}/bin`);
    copyFileSync(victims.at('static'), `${root}/bin/static`);
    writeFileSync(`${root}/etc/ld.so.preload`, '/lib/in-container.so # why\n');
    symlinkSync('/etc/passwd', `${root}/etc/ld.so.conf`);
    const script = 'mount --bind "$0" "$0" && cd "$0" && mkdir -p old && pivot_root . old && exec /bin/static';
    const { pid } = await victims.start([
      'unshare',
      '-m',
      '--propagation',
      'private',
      'sh',
      '-c',
      `PATH=$PATH:/usr/sbin:/sbin; ${script}`,
      root,
    ]);
    await waitUntil('it runs', async () => (await observe(pid)).state === 'running');
    const facts = await factsOf(pid, { procRoot: procfs(process.pid, pid) });
    expect(facts).toMatchObject({
      root: 'own',
      executable: { path: '/bin/static', onDisk: { state: 'same' } },
      preload: { state: 'known', value: ['/lib/in-container.so'] },
      mountNamespace: { value: 'own' },
      mounts: { value: [] },
    });
    expect(deviations(facts)).toEqual([]);
  });

  it('a chroot alone hides neither the path nor the file', async () => {
    const root = victims.at('chroot');
    mkdirSync(root);
    copyFileSync(victims.at('static'), `${root}/static`);
    const { pid } = await victims.start(['/usr/sbin/chroot', root, '/static']);
    expect(await factsOf(pid, { procRoot: procfs(process.pid, pid) })).toMatchObject({
      root: 'own',
      executable: { path: realpathSync(`${root}/static`), onDisk: { state: 'same' } },
    });
  });
});

describe('without the right to look', () => {
  it('another’s process is unreadable, never good', async () => {
    const { pid } = await victims.start([victims.at('victim')]);
    const identity = identityOf(pid);
    const seen = await asNobody(() => observe(pid, { process: identity }));
    expect(seen).toEqual({ state: 'unreadable', reason: 'permission denied (EACCES)' });
  });

  it('an own process is compared through its path, if that still leads to the mapped file', async () => {
    chmodSync(victims.directory, 0o755);
    const run = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', victims.at('victim')];
    const { pid } = await victims.start(run);
    const identity = identityOf(pid);
    const here = procfs(pid, pid);
    chmodSync(here, 0o755);
    const options = { process: identity, procRoot: here };
    const facts = await asNobody(() => factsOf(pid, options));
    expect(deviations(facts)).toEqual([]);
    expect(fileNamed(facts, 'victim')).toMatchObject({ role: 'executable', text: { state: 'equal' } });
    copyFileSync(victims.at('victim'), victims.at('moved'));
    renameSync(victims.at('moved'), victims.at('victim'));
    const after = await asNobody(() => factsOf(pid, options));
    expect(after.files.find(({ path }) => path.includes('victim'))?.text.state).toBe('unreadable');
  });
});
