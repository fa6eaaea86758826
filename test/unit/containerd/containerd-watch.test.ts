import { ContainerdWatch, type WatchSignal } from '@sealwatch/shared/containerd/containerd-watch.js';
import type { ContainerdChange, ContainerdEventListener } from '@sealwatch/shared/containerd/containerd-event.js';
import type { Answer } from '@sealwatch/shared/containerd/answer.js';
import { afterEach, expect, it } from 'vitest';
import { waitUntil } from '../../fakes/wait-until.js';

/** containerd's events and pulse, worked by hand. */
class HandContainerd {
  readonly listeners: ContainerdEventListener[] = [];
  closed = 0;
  answer: Answer<string> = { state: 'answered', value: '1.6.20' };

  subscribe(listener: ContainerdEventListener): { close: () => void } {
    this.listeners.push(listener);
    return { close: () => (this.closed += 1) };
  }

  version(): Promise<Answer<string>> {
    return Promise.resolve(this.answer);
  }

  say(...changes: readonly (ContainerdChange | undefined)[]): void {
    for (const change of changes) this.listeners.at(-1)?.event({ topic: '/x', change });
  }
}

let watch: ContainerdWatch | undefined;
afterEach(() => watch?.stop());

function watched(pingMs = 60_000): { containerd: HandContainerd; signals: WatchSignal[] } {
  const containerd = new HandContainerd();
  const signals: WatchSignal[] = [];
  watch = new ContainerdWatch({
    containerd,
    signal: (signal) => signals.push(signal),
    random: () => 1,
    timing: { firstRetryMs: 5, mostRetryMs: 20, pingMs, gatherMs: 10 },
  });
  watch.start();
  return { containerd, signals };
}

const image = (name: string): ContainerdChange => ({ kind: 'image', name });
const look = { kind: 'look', because: 'subscribed' };

it('asks for a full look once the subscription stands, then tells changes together and each once', async () => {
  const { containerd, signals } = watched();
  await waitUntil('it stands', () => signals.length === 1);
  containerd.say(image('a'), { kind: 'task', containerId: 'c', pid: 1 }, image('a'), {
    kind: 'task',
    containerId: 'c',
    pid: 2,
  });
  await waitUntil('changes are told', () => signals.length === 2);
  expect(signals).toEqual([
    look,
    { kind: 'changed', changes: [image('a'), { kind: 'task', containerId: 'c', pid: 2 }] },
  ]);
});

it('asks for a full look instead of a list without end, and of an event nobody can read', async () => {
  const { containerd, signals } = watched();
  await waitUntil('it stands', () => signals.length === 1);
  for (let n = 0; n < 300_000; n++) containerd.say(image(String(n)));
  await waitUntil('the flood is told', () => signals.length === 2);
  containerd.say(image('a'), undefined, image('b'));
  await waitUntil('the riddle is told', () => signals.length === 3);
  expect(signals.slice(1)).toEqual(Array(2).fill({ kind: 'look', because: 'unclear-events' }));
});

it('says that the stream is lost, forgets what it had heard, and subscribes anew', async () => {
  const { containerd, signals } = watched();
  await waitUntil('it stands', () => signals.length === 1);
  containerd.say(image('a'));
  containerd.listeners[0]?.ended('gone');
  await waitUntil('it stands again', () => signals.length === 3);
  expect(signals).toEqual([look, { kind: 'lost', reason: 'gone' }, look]);
  expect(containerd.listeners).toHaveLength(2);
  expect(containerd.closed).toBe(1);
});

it('notices a containerd that hangs although its stream stays open', async () => {
  const { containerd, signals } = watched(10);
  await waitUntil('it stands', () => signals.length === 1);
  containerd.answer = { state: 'unavailable', reason: 'hangs' };
  await waitUntil('it is lost', () => signals.length === 2);
  expect(signals[1]).toEqual({ kind: 'lost', reason: 'hangs' });
});

it('says once for each reason why it cannot subscribe, however often it tries', async () => {
  const containerd = new HandContainerd();
  containerd.answer = { state: 'unavailable', reason: 'absent' };
  const signals: WatchSignal[] = [];
  watch = new ContainerdWatch({
    containerd,
    signal: (signal) => signals.push(signal),
    random: () => 1,
    timing: { firstRetryMs: 1, mostRetryMs: 2 },
  });
  watch.start();
  await waitUntil('it tried often', () => containerd.listeners.length > 10);
  containerd.answer = { state: 'unavailable', reason: 'hangs' };
  await waitUntil('it tried again', () => signals.length === 2);
  expect(signals).toEqual([
    { kind: 'lost', reason: 'absent' },
    { kind: 'lost', reason: 'hangs' },
  ]);
  expect(containerd.closed).toBeGreaterThan(10);
});

it('waits longer and longer for a containerd that ends every subscription at once', async () => {
  const containerd = new HandContainerd();
  let looks = 0;
  watch = new ContainerdWatch({
    containerd,
    signal: ({ kind }) => {
      if (kind !== 'look') return;
      looks += 1;
      containerd.listeners.at(-1)?.ended('flapping');
    },
    random: () => 1,
    timing: { firstRetryMs: 100, mostRetryMs: 10_000 },
  });
  watch.start();
  await new Promise((resolve) => setTimeout(resolve, 1300));
  expect(looks).toBeGreaterThan(1);
  expect(looks).toBeLessThan(6);
});

it('is silent after it was stopped, and leaves nothing open', async () => {
  const { containerd, signals } = watched();
  await waitUntil('it stands', () => signals.length === 1);
  containerd.say(image('a'));
  await watch?.stop();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(signals).toEqual([look]);
  expect(containerd.closed).toBe(1);
});
