import { settledContainers } from '@sealwatch/agent/measure/process/settled-containers.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostTree } from '../../fakes/host-tree.js';

/** A procfs of plain files, 100 seconds after the boot; 50 is the first process of etcd's container. */
let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
  tree.write('/proc/uptime', '100.00 180.00\n').link('/proc/self/ns/pid', 'pid:[1]');
});
afterEach(() => {
  tree.remove();
});

const FIRSTS = new Map([['etcd', [50]]]);

/** @param startedAt seconds after the boot */
function begin(pid: number, startedAt: number): void {
  const head = [pid, '(etcd)', 'S', 1, pid, pid, 0, -1, 4194304, ...Array<number>(8).fill(0), 20, 0, 1, 0];
  const line = `${[...head, startedAt * 100, 0].join(' ')}\n`;
  tree.write(`/proc/${String(pid)}/stat`, line).link(`/proc/${String(pid)}/ns/pid`, 'pid:[2]');
}

const settled = (signal?: AbortSignal): ReturnType<typeof settledContainers> =>
  settledContainers(tree.at('/proc'), FIRSTS, signal);
const pids = async (found: ReturnType<typeof settledContainers>): Promise<number[]> =>
  (await found).found.map(({ process }) => process.pid).sort();

function aborted(): AbortSignal {
  const stopping = new AbortController();
  stopping.abort();
  return stopping.signal;
}

describe("a container's processes", () => {
  it('are listed at once if all have run for a while', async () => {
    begin(50, 20);
    begin(51, 99.6);
    expect(await pids(settled(aborted()))).toEqual([50, 51]);
  });

  it('are listed anew a moment later if one has just begun', async () => {
    begin(50, 20);
    begin(51, 99.9);
    const listed = settled();
    begin(52, 100);
    expect(await pids(listed)).toEqual([50, 51, 52]);
  });

  it.each([
    ['one has just begun', 99.8, '100.00 180.00\n'],
    ['the clock was set back by whoever shows another uptime', 99.8, '7.00 8.00\n'],
    ['nobody says how long the host runs', 20, ''],
  ])('are waited for if %s', async (_, startedAt, uptime) => {
    begin(50, startedAt);
    tree.write('/proc/uptime', uptime);
    await expect(settled(aborted())).rejects.toThrow(expect.objectContaining({ code: 'request.cancelled' }));
  });

  it('of which there are none are not waited for', async () => {
    expect(await settledContainers(tree.at('/proc'), new Map(), aborted())).toEqual({ found: [], blind: [] });
  });
});
