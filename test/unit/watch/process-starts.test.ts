import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { WantedProcesses } from '@sealwatch/agent/measure/process/wanted-processes.js';
import { ProcessStarts } from '@sealwatch/agent/watch/process-starts.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quiet } from '../../fakes/agent-chain.js';
import { HeardDisturbances } from '../../fakes/heard-disturbances.js';
import { HostTree } from '../../fakes/host-tree.js';

/** Real processes of this machine, of programs that nobody else runs. */
let tree: HostTree;
let heard: HeardDisturbances;
let starts: ProcessStarts;
let children: ChildProcess[];
let containerPids: ReadonlyMap<string, readonly number[]>;
beforeEach(() => {
  tree = new HostTree();
  program('/kubelet');
  program('/etcd');
  heard = new HeardDisturbances();
  children = [];
  containerPids = new Map();
  starts = startsOf();
});
afterEach(async () => {
  starts.stop();
  for (const child of children) await end(child);
  tree.remove();
});

function startsOf(procRoot = '/proc'): ProcessStarts {
  return new ProcessStarts({
    hostRoot: '/',
    procRoot,
    containerPids: () => containerPids,
    onDisturbed: heard.hear,
    log: quiet,
    intervalMs: 25,
  });
}

function program(path: string): void {
  copyFileSync('/bin/sleep', tree.at(`${path}.new`));
  chmodSync(tree.at(`${path}.new`), 0o755);
  renameSync(tree.at(`${path}.new`), tree.at(path));
}

function wanted(component: string): WantedProcesses {
  return { component, executables: [pathText(Buffer.from(tree.at(`/${component}`)))], units: [] };
}

async function run(path: string, args: readonly string[] = ['300']): Promise<ChildProcess> {
  const child = spawn(path, args, { stdio: 'ignore' });
  children.push(child);
  await once(child, 'spawn');
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

const follow = (...components: string[]): Promise<void> => starts.follow(components.map(wanted));

describe('a process of a component', () => {
  it('that runs already is known, and one that begins is said', async () => {
    await run(tree.at('/kubelet'));
    await follow('kubelet', 'etcd');
    expect(starts.state()).toEqual({ processes: 1, blind: null });
    expect(await heard.within(150, () => undefined)).toEqual([]);
    await heard.after(async () => {
      await run(tree.at('/etcd'));
    });
    expect(heard.components('processes')).toEqual(['etcd']);
    expect(starts.state().processes).toBe(2);
  });

  it('that ends is said', async () => {
    const kubelet = await run(tree.at('/kubelet'));
    await follow('kubelet');
    await heard.after(() => end(kubelet));
    expect(heard.all.map(({ disturbance }) => disturbance)).toEqual([{ kind: 'processes', components: ['kubelet'] }]);
    expect(starts.state().processes).toBe(0);
  });

  it('that becomes another program is said, and one that becomes its program', async () => {
    await follow('kubelet', 'etcd');
    // exec keeps the process: no new pid
    const script = `sleep 0.6; exec ${tree.at('/kubelet')} 300`;
    const began = heard.after(() => undefined);
    await run('/bin/sh', ['-c', script]);
    await began;
    expect(heard.components('processes')).toEqual(['kubelet']);
    await heard.after(async () => {
      await run(tree.at('/etcd'));
    });
    expect(heard.components('processes')).toEqual(['etcd']);
  });

  it('is said when it execs in place', async () => {
    const loop = tree.at('/loop');
    copyFileSync('/bin/dash', loop);
    chmodSync(loop, 0o755);
    // `read` is of the shell itself: nothing else begins meanwhile
    const child = spawn(loop, ['-c', `read line; exec ${tree.at('/etcd')} 300`], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    children.push(child);
    await once(child, 'spawn');
    await starts.follow([{ component: 'loop', executables: [pathText(Buffer.from(loop))], units: [] }, wanted('etcd')]);
    await heard.after(() => {
      child.stdin.end('go\n');
    });
    expect(heard.components('processes')).toEqual(['etcd', 'loop']);
  });

  it('of another name is nobody', async () => {
    await follow('kubelet');
    expect(
      await heard.within(200, async () => {
        await run('/bin/sleep');
      }),
    ).toEqual([]);
  });

  it('whose file was replaced is said, and so is its next one', async () => {
    const kubelet = await run(tree.at('/kubelet'));
    await follow('kubelet');
    await heard.after(() => {
      program('/kubelet');
    });
    expect(heard.components('processes')).toEqual(['kubelet']);
    await heard.after(async () => {
      await end(kubelet);
      await run(tree.at('/kubelet'));
    });
    expect(starts.state().processes).toBe(1);
  });
});

/** In the host's own PID namespace: the first process alone is known to be the container's. */
describe("a container's first process", () => {
  /** Becomes another program when it is told to. */
  async function container(): Promise<ChildProcessByStdio<Writable, null, null>> {
    const script = `read line; exec ${tree.at('/etcd')} 300`;
    const child = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] });
    children.push(child);
    await once(child, 'spawn');
    return child;
  }

  it('that a look at images found is said once: the look at processes knew nothing of it', async () => {
    await follow('kubelet');
    const { pid } = await container();
    await heard.after(() => {
      containerPids = new Map([['kubelet', [pid!]]]);
    });
    expect(heard.all.map(({ disturbance }) => disturbance)).toEqual([{ kind: 'processes', components: ['kubelet'] }]);
    expect(starts.state().processes).toBe(1);
    expect(
      await heard.within(150, () => {
        containerPids = new Map([['kubelet', [pid!]]]);
      }),
    ).toEqual([]);
  });

  it('that becomes another program is said, and its image is looked at', async () => {
    const child = await container();
    containerPids = new Map([['kubelet', [child.pid!]]]);
    await follow('kubelet');
    expect(starts.state().processes).toBe(1);
    await heard.after(() => {
      child.stdin.end('go\n');
    });
    expect(heard.all.map(({ disturbance }) => disturbance)).toEqual([
      { kind: 'processes', components: ['kubelet'] },
      { kind: 'images' },
    ]);
  });

  it("of a container that is gone is nobody's any more", async () => {
    const child = await container();
    containerPids = new Map([['kubelet', [child.pid!]]]);
    await follow('kubelet');
    await heard.after(() => {
      containerPids = new Map();
    });
    expect(heard.components('processes')).toEqual(['kubelet']);
    expect(starts.state().processes).toBe(0);
    expect(
      await heard.within(150, () => {
        child.stdin.end('go\n');
      }),
    ).toEqual([]);
  });
});

describe('the processes that are followed', () => {
  it('can change, and asking for the same changes nothing', async () => {
    await run(tree.at('/kubelet'));
    await follow('kubelet');
    await follow('kubelet');
    expect(starts.state().processes).toBe(1);
    await follow('etcd');
    expect(starts.state().processes).toBe(0);
    expect(
      await heard.within(150, async () => {
        await run(tree.at('/kubelet'));
      }),
    ).toEqual([]);
    await follow();
    expect(
      await heard.within(150, async () => {
        await run(tree.at('/etcd'));
      }),
    ).toEqual([]);
  });

  it('are not heard after the end', async () => {
    await follow('kubelet');
    starts.stop();
    await follow('kubelet', 'etcd');
    expect(
      await heard.within(150, async () => {
        await run(tree.at('/kubelet'));
      }),
    ).toEqual([]);
  });
});

describe('a procfs of plain files', () => {
  const line = (pid: number, startTime: number): string => {
    const head = [pid, '(etcd)', 'S', 1, pid, pid, 0, -1, 4194304, ...Array<number>(8).fill(0), 20, 0, 1, 0];
    return `${[...head, startTime, 0].join(' ')}\n`;
  };
  function write(pid: number, startTime: number): void {
    tree.write(`/proc/${String(pid)}/stat`, line(pid, startTime)).write(`/proc/${String(pid)}/cgroup`, '0::/\n');
  }

  it('shows that a number was given to another process once the numbers began anew', async () => {
    starts = startsOf(tree.at('/proc'));
    write(70, 1000);
    tree.link('/proc/70/exe', tree.at('/etcd'));
    writeFileSync(tree.at('/proc/loadavg'), '0.00 0.00 0.00 1/100 32000\n');
    await follow('etcd');
    expect(starts.state().processes).toBe(1);
    await heard.after(() => {
      write(70, 9000);
      writeFileSync(tree.at('/proc/loadavg'), '0.00 0.00 0.00 1/100 80\n');
    });
    expect(heard.components('processes')).toEqual(['etcd']);
  });
});
