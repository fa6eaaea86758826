import { ContainerdChanges } from '@sealwatch/agent/watch/containerd-changes.js';
import type { ContainerdChange } from '@sealwatch/shared/containerd/containerd-event.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { createLogger } from '@sealwatch/shared/runtime/log.js';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedContainerd } from '../../fakes/scripted-containerd.js';
import { waitUntil } from '../../fakes/wait-until.js';

let containerd: ScriptedContainerd;
let changes: ContainerdChanges;
let wanted: boolean;
let asked: number[];
let concerned: (change: ContainerdChange) => boolean;
let logged: string;

beforeEach(() => {
  containerd = new ScriptedContainerd();
  wanted = true;
  asked = [];
  logged = '';
  concerned = () => true;
  const destination = new Writable({
    write(chunk: Buffer, _, done) {
      logged += chunk.toString();
      done();
    },
  });
  changes = new ContainerdChanges({
    containerd,
    isWanted: () => wanted,
    concerns: (change) => Promise.resolve(concerned(change)),
    onChange: () => asked.push(performance.now()),
    clock: systemClock,
    log: createLogger({ program: 'test', level: 'info', destination }),
    timing: { firstRetryMs: 10, mostRetryMs: 20, gatherMs: 5 },
  });
});
afterEach(async () => {
  await changes.stop();
});

const followed = (): Promise<unknown> => waitUntil('it is followed', () => asked.length > 0);
const happen = (change: ContainerdChange): void => {
  for (const listener of containerd.listeners) listener.event({ topic: '/x', change });
};
const image = (name: string): ContainerdChange => ({ kind: 'image', name });

describe('changes in containerd', () => {
  it('ask for a scan when they begin to be heard, for what happened before', async () => {
    changes.follow();
    await followed();
    expect(asked).toHaveLength(1);
  });

  it('ask for one scan a second, however many they are', async () => {
    changes.follow();
    await followed();
    for (let i = 0; i < 60; i++) {
      happen(image(String(i)));
      await sleep(20);
    }
    await waitUntil('the last was asked for', () => asked.length >= 3);
    await sleep(1100);
    expect(asked.length).toBeLessThanOrEqual(4);
    for (const [i, at] of asked.slice(1).entries()) expect(at - (asked[i] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('of foreign things ask for nothing', async () => {
    concerned = (change) => change.kind === 'image' && change.name === 'own';
    changes.follow();
    await followed();
    happen(image('foreign'));
    await sleep(1200);
    expect(asked).toHaveLength(1);
    happen(image('own'));
    await waitUntil('it was asked for', () => asked.length === 2);
  });

  it('that were lost ask for a look at everything once they are heard again', async () => {
    changes.follow();
    await followed();
    for (const listener of [...containerd.listeners]) listener.ended('containerd ended its event stream');
    await waitUntil('it was asked for', () => asked.length === 2);
    expect(logged).toContain('containerd ended its event stream');
  });

  it('are not followed while the policy wants no image evidence', async () => {
    wanted = false;
    changes.follow();
    await sleep(100);
    expect(containerd.listeners.size).toBe(0);
    wanted = true;
    changes.follow();
    await followed();
  });

  it('are not heard after the end', async () => {
    changes.follow();
    await followed();
    happen(image('own'));
    await changes.stop();
    changes.follow();
    await sleep(1100);
    expect(asked).toHaveLength(1);
    expect(containerd.listeners.size).toBe(0);
  });
});
