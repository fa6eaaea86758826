import { Challenges } from '@sealwatch/collector/compliance/challenges.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const never = new AbortController().signal;

describe('challenges', () => {
  let sent: { host: string; nonce: string; deadlineMs: number }[];
  let reachable: boolean;
  let challenges: Challenges;

  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    reachable = true;
    challenges = new Challenges({
      monotonic: () => performance.now(),
      send: (host, challenge) => {
        if (reachable) sent.push({ host, ...challenge });
        return reachable;
      },
    });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const nonce = (index: number): string => sent[index]?.nonce ?? 'none';

  it('end true when the host answers the nonce', async () => {
    const answer = challenges.ask('a', 1000, never);
    expect(challenges.answered('a', nonce(0))).toBe(true);
    await expect(answer).resolves.toBe(true);
  });

  it('are not answered by another nonce, another host, or the same nonce twice', async () => {
    const answer = challenges.ask('a', 1000, never);
    expect(challenges.answered('a', 'f'.repeat(32))).toBe(false);
    expect(challenges.answered('b', nonce(0))).toBe(false);
    expect(challenges.answered('a', nonce(0))).toBe(true);
    expect(challenges.answered('a', nonce(0))).toBe(false);
    await expect(answer).resolves.toBe(true);
  });

  it('end false at the deadline, and tell the host how long it has', async () => {
    const answer = challenges.ask('a', 1500, never);
    expect(sent[0]?.deadlineMs).toBe(1500);
    await vi.advanceTimersByTimeAsync(1500);
    await expect(answer).resolves.toBe(false);
    expect(challenges.answered('a', nonce(0))).toBe(false);
  });

  it('end false when the asker gives up', async () => {
    const stop = new AbortController();
    const answer = challenges.ask('a', 60_000, stop.signal);
    stop.abort();
    await expect(answer).resolves.toBe(false);
  });

  it('run one at a time: who comes later shares the next nonce', async () => {
    const first = challenges.ask('a', 60_000, never);
    const second = challenges.ask('a', 60_000, never);
    const third = challenges.ask('a', 60_000, never);
    expect(sent).toHaveLength(1);
    challenges.answered('a', nonce(0));
    await expect(first).resolves.toBe(true);
    expect(sent).toHaveLength(2);
    challenges.answered('a', nonce(1));
    await expect(Promise.all([second, third])).resolves.toEqual([true, true]);
    expect(sent).toHaveLength(2);
  });

  it('go on to the next when the first runs out of time', async () => {
    const first = challenges.ask('a', 1000, never);
    const second = challenges.ask('a', 60_000, never);
    await vi.advanceTimersByTimeAsync(1000);
    await expect(first).resolves.toBe(false);
    expect(sent).toHaveLength(2);
    challenges.answered('a', nonce(1));
    await expect(second).resolves.toBe(true);
  });

  it('reach a host when it connects, and again when it reconnects', async () => {
    reachable = false;
    const answer = challenges.ask('a', 60_000, never);
    expect(sent).toHaveLength(0);
    reachable = true;
    challenges.connected('a');
    challenges.connected('a');
    expect(sent).toHaveLength(2);
    expect(nonce(0)).toBe(nonce(1));
    challenges.answered('a', nonce(0));
    await expect(answer).resolves.toBe(true);
  });
});
