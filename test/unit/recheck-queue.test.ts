import { RecheckQueue } from '@sealwatch/agent/cycle/recheck-queue.js';
import { hasComponent, mergeScopes, type Scope } from '@sealwatch/agent/measure/scope.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quiet } from '../fakes/agent-chain.js';
import { waitUntil } from '../fakes/wait-until.js';

interface Recheck {
  readonly scope: string;
  finish(outcome?: string): void;
  fail(error: Error): void;
}

let rechecks: Recheck[];
let rescans: number;
let queue: RecheckQueue;
beforeEach(() => {
  rechecks = [];
  rescans = 0;
  queue = new RecheckQueue({
    recheck: ({ scope, signal }) =>
      new Promise((resolve, reject) => {
        rechecks.push({
          scope: text(scope),
          finish: (outcome = 'reported') => {
            resolve(outcome);
          },
          fail: reject,
        });
        signal.onabort = () => {
          reject(new CodedError('request.cancelled', 'stopped'));
        };
      }),
    rescan: () => rescans++,
    clock: systemClock,
    log: quiet,
  });
});
afterEach(async () => {
  await queue.stop();
});

function text(scope: Scope): string {
  return [...scope].map(([kind, of]) => `${kind}=${of === 'all' ? 'all' : [...of].sort().join('+')}`).join(' ');
}

const begun = (count: number): Promise<Recheck> => waitUntil(`look ${String(count)}`, () => rechecks[count - 1]);
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

async function finish(count: number, outcome?: string): Promise<string> {
  const recheck = await begun(count);
  recheck.finish(outcome);
  await settle();
  return recheck.scope;
}

describe('what something happened to', () => {
  it('is looked at at once, the file first, then who runs it', async () => {
    queue.disturbed({ kind: 'files', components: ['kubelet'] });
    expect(await finish(1)).toBe('file=kubelet');
    expect(await finish(2)).toBe('process=kubelet module=kubelet');
    expect(rechecks).toHaveLength(2);
  });

  it.each([
    [{ kind: 'images' } as const, 'image=all'],
    [{ kind: 'services' } as const, 'service=all'],
    [{ kind: 'host' } as const, 'host=all'],
    [{ kind: 'processes', components: 'all' } as const, 'process=all module=all'],
  ])('is what is looked at: %j', async (disturbance, scope) => {
    queue.disturbed(disturbance);
    expect(await finish(1)).toBe(scope);
  });

  it('during a look is looked at after it, all at once, and none twice', async () => {
    queue.disturbed({ kind: 'host' });
    await begun(1);
    for (const component of ['runc', 'kubelet', 'runc']) queue.disturbed({ kind: 'files', components: [component] });
    await settle();
    expect(rechecks).toHaveLength(1);
    await finish(1);
    expect(await finish(2)).toBe('file=kubelet+runc');
    expect(await finish(3)).toBe('process=kubelet+runc module=kubelet+runc');
  });

  it('again while it is being looked at is looked at again', async () => {
    queue.disturbed({ kind: 'host' });
    await begun(1);
    queue.disturbed({ kind: 'host' });
    await finish(1);
    expect(await finish(2)).toBe('host=all');
  });

  it('before the whole host was looked at waits for that', async () => {
    queue.disturbed({ kind: 'host' });
    await finish(1, 'unready');
    queue.disturbed({ kind: 'images' });
    await settle();
    expect(rechecks).toHaveLength(1);
    queue.ready();
    expect(await finish(2)).toBe('host=all image=all');
  });

  it('too often is looked at thirty times, then now and then, and others are not kept waiting by it', async () => {
    for (let round = 1; round <= 30; round++) {
      queue.disturbed({ kind: 'host' });
      await finish(round);
    }
    queue.disturbed({ kind: 'host' });
    queue.disturbed({ kind: 'images' });
    expect(await finish(31)).toBe('image=all');
    expect(rechecks).toHaveLength(31);
  });

  it('that is too much becomes a look at the whole host', () => {
    queue.disturbed({ kind: 'everything', reason: 'overflow' });
    expect([rescans, rechecks.length]).toEqual([1, 0]);
  });

  it('and can not be looked at becomes a look at the whole host', async () => {
    queue.disturbed({ kind: 'host' });
    (await begun(1)).fail(new Error('no'));
    await waitUntil('a rescan', () => rescans === 1);
  });

  it('is not looked at any more when it was stopped, and the look under way ends', async () => {
    queue.disturbed({ kind: 'host' });
    await begun(1);
    await queue.stop();
    queue.disturbed({ kind: 'images' });
    await settle();
    expect([rechecks.length, rescans]).toEqual([1, 0]);
  });
});

describe('two scopes', () => {
  const files = (...components: string[]): Scope => new Map([['file', new Set(components)]]);

  it('together are what either is about', () => {
    const both = mergeScopes(mergeScopes(files('a'), files('b')), new Map([['image', 'all']]));
    expect(text(both)).toBe('file=a+b image=all');
    expect(text(mergeScopes(files('a'), new Map([['file', 'all']])))).toBe('file=all');
    expect(text(mergeScopes(new Map([['file', 'all']]), files('a')))).toBe('file=all');
    expect([
      hasComponent(both, 'file', 'b'),
      hasComponent(both, 'file', 'c'),
      hasComponent(both, 'image', 'c'),
    ]).toEqual([true, false, true]);
  });
});
