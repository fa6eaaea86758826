import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { findProcesses, type FoundProcess } from '@sealwatch/agent/measure/process/find-processes.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from '../../fakes/measured-process.js';
import { SmallProcfs } from '../../fakes/small-procfs.js';
import { VictimPrograms } from '../../fakes/victim-programs.js';
import { waitUntil } from '../../fakes/wait-until.js';

const victims = new VictimPrograms();
const program = victims.at('component');
let procfs: SmallProcfs;

beforeAll(() => victims.build());
beforeEach(() => {
  rmSync(program, { force: true });
  copyFileSync(victims.at('victim'), program);
  procfs = new SmallProcfs();
});
afterEach(async () => {
  await victims.stopAll();
  procfs.remove();
});
afterAll(() => victims.dispose());

async function find(units: readonly string[] = []): Promise<readonly FoundProcess[]> {
  const wanted = [{ component: 'component', executables: [program], units }];
  const { found, blind } = await findProcesses({ procRoot: procfs.root, hostRoot: '/', wanted });
  expect(blind).toEqual([]);
  return found;
}

function foundBy(pid: number, by: FoundProcess['by']): FoundProcess[] {
  return [{ component: 'component', process: identityOf(pid), by, unitMain: false }];
}

describe('a component’s processes are found', () => {
  it('by the file they run, and no other program is', async () => {
    const one = await victims.start([program]);
    const other = await victims.start([victims.at('victim')]);
    procfs.add(one.pid, other.pid);
    expect(await find()).toEqual(foundBy(one.pid, 'executable'));
  });

  it('when the file was deleted or replaced', async () => {
    const { pid } = await victims.start([program]);
    procfs.add(pid);
    rmSync(program);
    expect(await find()).toEqual(foundBy(pid, 'executable'));
    writeFileSync(program, 'another');
    expect(await find()).toEqual(foundBy(pid, 'executable'));
  });

  it('when they run it under another of its names', async () => {
    linkSync(program, victims.at('other-name'));
    const { pid } = await victims.start([victims.at('other-name')]);
    procfs.add(pid);
    expect(await find()).toEqual(foundBy(pid, 'executable'));
  });

  it('when the file was moved away and a good one put back', async () => {
    const { pid } = await victims.start([program]);
    procfs.add(pid);
    renameSync(program, victims.at('away'));
    copyFileSync(victims.at('victim'), program);
    expect(await find()).toEqual(foundBy(pid, 'name'));
  });

  it('when only their first thread has ended', async () => {
    const { pid } = await victims.start([program, 'first-thread-ends']);
    procfs.add(pid);
    expect(await find()).toEqual(foundBy(pid, 'executable'));
  });

  it('by their unit, whatever they run', async () => {
    const hierarchy = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup'].find((at) => existsSync(`${at}/cgroup.procs`));
    if (hierarchy === undefined) throw new Error('no hierarchy of control groups is mounted');
    const group = `${hierarchy}/sealwatchtest.slice`;
    const { pid } = await victims.start([victims.at('static')]);
    procfs.add(pid);
    expect(await find(['victim.service'])).toEqual([]);
    try {
      mkdirSync(`${group}/victim.service`, { recursive: true });
      writeFileSync(`${group}/victim.service/cgroup.procs`, String(pid));
      expect(await find(['victim.service'])).toEqual(foundBy(pid, 'unit'));
      expect(await find(['other.service'])).toEqual([]);
    } finally {
      await victims.stopAll();
      await waitUntil('the control group is empty', () => remove(`${group}/victim.service`));
      remove(group);
    }
  });
});

function remove(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return !existsSync(group);
  }
}

describe('what is no running program is passed over:', () => {
  it('a zombie, and a process that has ended', async () => {
    const { output, pid } = await victims.start([program, 'zombie']);
    const ended = await victims.start([program]);
    await ended.kill();
    procfs.add(pid, Number(/child (\d+)/.exec(output)?.[1]), ended.pid);
    expect(await find()).toEqual(foundBy(pid, 'executable'));
  });

  it('a container’s program at the same path in its own root', async () => {
    const root = victims.at('root');
    mkdirSync(`${root}${victims.directory}`, { recursive: true });
    copyFileSync(victims.at('static'), `${root}${program}`);
    const script = 'mount --bind "$0" "$0" && cd "$0" && mkdir -p old && /usr/sbin/pivot_root . old && exec "$1"';
    const { pid } = await victims.start([
      'unshare',
      '-m',
      '--propagation',
      'private',
      'sh',
      '-c',
      script,
      root,
      program,
    ]);
    procfs.add(pid);
    expect(await find(['x.service'])).toEqual([]);
  });
});
