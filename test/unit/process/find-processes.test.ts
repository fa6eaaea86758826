import { findProcesses, type ProcessSearchResult } from '@sealwatch/agent/measure/process/find-processes.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asNobody } from '../../fakes/as-nobody.js';
import { HostTree } from '../../fakes/host-tree.js';

/** A procfs of plain files: what a kernel would write for processes that can't be had in a test. */
let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
  tree.write('/usr/bin/kubelet', 'good').write('/usr/bin/other', 'other').directory('/proc').directory('/container');
});
afterEach(() => {
  tree.remove();
});

interface Written {
  readonly exe?: string;
  readonly stat?: string;
  readonly cgroup?: string;
  readonly cmdline?: string;
  readonly root?: string;
}

function write(pid: number, written: Written = {}): void {
  const { exe = '/usr/bin/kubelet', stat = line(pid), cgroup = '0::/\n', cmdline = '', root = '' } = written;
  tree.link(`/proc/${String(pid)}/exe`, tree.at(exe));
  tree.link(`/proc/${String(pid)}/root`, tree.at(root));
  tree.write(`/proc/${String(pid)}/stat`, stat);
  tree.write(`/proc/${String(pid)}/cgroup`, cgroup);
  tree.write(`/proc/${String(pid)}/cmdline`, cmdline);
}

function line(pid: number, { comm = 'kubelet', parent = 1, session = pid, startTime = '77' } = {}): string {
  const head = [pid, `(${comm})`, 'S', parent, pid, session, 0, -1, 4194304];
  const counters = Array<number>(8).fill(0);
  return `${[...head, ...counters, 20, 0, 1, 0, startTime, 0].join(' ')}\n`;
}

function find(units: string[] = ['kubelet.service']): Promise<ProcessSearchResult> {
  const wanted = [{ component: 'kubelet', executables: ['/usr/bin/kubelet'], units }];
  return findProcesses({ procRoot: tree.at('/proc'), hostRoot: tree.root, wanted });
}

const UNIT = '1:name=systemd:/system.slice/kubelet.service\n';

describe('of the processes in a unit', () => {
  it('the one systemd started is told from its children', async () => {
    write(100, { exe: '/usr/bin/other', cgroup: UNIT });
    write(200, { exe: '/usr/bin/other', cgroup: UNIT, stat: line(200, { parent: 100 }) });
    write(300, { exe: '/usr/bin/other', cgroup: UNIT, stat: line(300, { session: 100 }) });
    write(400, { exe: '/usr/bin/other', cgroup: '1:name=systemd:/system.slice/other.service\n' });
    expect(await find()).toEqual({
      found: [
        { component: 'kubelet', process: { pid: 100, startTime: '77' }, by: 'unit', unitMain: true },
        { component: 'kubelet', process: { pid: 200, startTime: '77' }, by: 'unit', unitMain: false },
        { component: 'kubelet', process: { pid: 300, startTime: '77' }, by: 'unit', unitMain: false },
      ],
      blind: [],
    });
  });

  it('one that runs the listed file is found by that', async () => {
    write(100, { cgroup: UNIT });
    expect((await find()).found).toMatchObject([{ by: 'executable', unitMain: true }]);
  });
});

describe('a name counts only', () => {
  it('if the program was started by its full path, in the host’s root', async () => {
    write(100, { exe: '/usr/bin/other', cmdline: '/usr/bin/kubelet\0--config\0x' });
    write(200, { exe: '/usr/bin/other', cmdline: 'kubelet\0' });
    write(300, { exe: '/usr/bin/other', cmdline: '/usr/bin/kubelet\0', root: '/container' });
    write(400, { exe: '/usr/bin/other', cmdline: '/usr/bin/kubelet\0', stat: line(400, { comm: 'vi' }) });
    expect((await find()).found.map(({ process, by }) => [process.pid, by])).toEqual([[100, 'name']]);
  });
});

describe('what could not be looked at is said:', () => {
  it('a table that is none, each reason once', async () => {
    write(100, { cgroup: 'nonsense\n' });
    write(200, { cgroup: 'nonsense\n' });
    write(300, { stat: 'nonsense' });
    expect(await find()).toEqual({
      found: [],
      blind: ['no process status line', 'no table of control groups'],
    });
  });

  it('no list of processes at all', async () => {
    const wanted = [{ component: 'kubelet', executables: [], units: [] }];
    const { found, blind } = await findProcesses({ procRoot: tree.at('/none'), hostRoot: tree.root, wanted });
    expect({ found, blind }).toEqual({ found: [], blind: ['the list of processes: cannot be read (ENOENT)'] });
  });

  it('a process that may not be looked at', async () => {
    const { blind } = await asNobody(() =>
      findProcesses({
        procRoot: '/proc',
        hostRoot: '/',
        wanted: [{ component: 'x', executables: [], units: [] }],
      }),
    );
    expect(blind).toEqual(['permission denied (EACCES)']);
  });
});

it('a search ends once it is told to', async () => {
  write(100);
  const wanted = [{ component: 'kubelet', executables: [], units: [] }];
  const search = { procRoot: tree.at('/proc'), hostRoot: tree.root, wanted, signal: AbortSignal.abort() };
  await expect(findProcesses(search)).rejects.toMatchObject({ code: 'request.cancelled' });
});
