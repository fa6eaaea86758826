import { readFileSync } from 'node:fs';
import { ProcessStarts } from '@sealwatch/agent/watch/process-starts.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { quiet } from '../../fakes/agent-chain.js';
import { Daemon } from '../../fakes/daemon.js';
import { HeardDisturbances } from '../../fakes/heard-disturbances.js';
import { waitUntil } from '../../fakes/wait-until.js';

/** A PID namespace of its own, as a container has. */
let heard: HeardDisturbances;
let starts: ProcessStarts;
let running: Daemon[];
let first: number;
beforeEach(async () => {
  heard = new HeardDisturbances();
  const container = new Daemon(['unshare', '--fork', '--pid', '--kill-child', 'sleep', '1000']);
  running = [container];
  first = await waitUntil('the first process runs', () => onlyChildOf(container.pid));
  starts = new ProcessStarts({
    hostRoot: '/',
    containerPids: () => containers,
    onDisturbed: heard.hear,
    log: quiet,
    intervalMs: 25,
  });
  const containers = new Map([['etcd', [first]]]);
  await starts.follow([{ component: 'etcd', executables: ['/nowhere/etcd'], units: [] }]);
});
afterEach(async () => {
  starts.stop();
  for (const daemon of running.reverse()) await daemon.kill();
});

function onlyChildOf(pid: number): number | undefined {
  const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').trim();
  return /^\d+$/.test(children) ? Number(children) : undefined;
}

it('what is started in a container of a component, and what ends there, is said', async () => {
  expect(starts.state().processes).toBe(1);
  await heard.after(() => {
    running.push(new Daemon(['nsenter', '--target', String(first), '--pid', 'sleep', '1000']));
  });
  expect(heard.components('processes')).toEqual(['etcd']);
  expect(heard.of('images')).toEqual([]);
  await waitUntil('both are known', () => starts.state().processes === 2);
  const inside = onlyChildOf(running[1]!.pid)!;
  await heard.after(() => {
    process.kill(inside, 'SIGKILL');
  });
  expect(heard.components('processes')).toEqual(['etcd']);
  expect(starts.state().processes).toBe(1);
});

it('the end of its first process is said, and its image is looked at', async () => {
  await heard.after(() => {
    process.kill(first, 'SIGKILL');
  });
  expect(heard.all.map(({ disturbance }) => disturbance)).toEqual([
    { kind: 'processes', components: ['etcd'] },
    { kind: 'images' },
  ]);
});

it('what is started outside of it is not said', async () => {
  expect(
    await heard.within(300, () => {
      running.push(new Daemon(['sleep', '1000']));
    }),
  ).toEqual([]);
});
