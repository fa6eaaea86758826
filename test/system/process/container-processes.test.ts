import { readdirSync, readFileSync } from 'node:fs';
import { containerProcesses } from '@sealwatch/agent/measure/process/container-processes.js';
import { afterEach, describe, expect, it } from 'vitest';
import { Daemon } from '../../fakes/daemon.js';
import { waitUntil } from '../../fakes/wait-until.js';

let running: Daemon[] = [];
afterEach(async () => {
  await Promise.all(running.map((daemon) => daemon.kill()));
  running = [];
});

/** A shell with a child, in a PID namespace of their own, as a container's processes are: both their pids here. */
async function container(): Promise<{ first: number; child: number }> {
  const shell = ['unshare', '--fork', '--pid', '--kill-child', 'sh', '-c', 'sleep 1000 & wait'];
  const daemon = new Daemon(shell);
  running.push(daemon);
  const childOf = (pid: number): number | undefined =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .find((candidate) => parentOf(candidate) === pid);
  const first = await waitUntil('the first process runs', () => childOf(daemon.pid));
  return { first, child: await waitUntil('its child runs', () => childOf(first)) };
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

const pidsOf = (firsts: ReadonlyMap<string, readonly number[]>): [string, number][] =>
  containerProcesses('/proc', firsts)
    .found.map(({ component, process }): [string, number] => [component, process.pid])
    .sort(([, a], [, b]) => a - b);

describe("a container's processes", () => {
  it('are its first and whatever that has started', async () => {
    const { first, child } = await container();
    expect(pidsOf(new Map([['etcd', [first]]]))).toEqual(
      [first, child].sort((a, b) => a - b).map((pid) => ['etcd', pid]),
    );
  });

  it('are not those of another container', async () => {
    const [one, two] = [await container(), await container()];
    const found = pidsOf(
      new Map([
        ['etcd', [one.first]],
        ['kube-apiserver', [two.first]],
      ]),
    );
    expect(found.filter(([component]) => component === 'etcd').map(([, pid]) => pid)).not.toContain(two.child);
    expect(found).toHaveLength(4);
  });

  it("are, in the host's own namespace, the first alone: not every process of the host", () => {
    expect(pidsOf(new Map([['etcd', [process.pid]]]))).toEqual([['etcd', process.pid]]);
  });

  it('that have ended are none, without a word', () => {
    expect(containerProcesses('/proc', new Map([['etcd', [4_000_000]]]))).toEqual({ found: [], blind: [] });
  });
});
