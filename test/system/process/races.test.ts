import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { newCycleMemory } from '@sealwatch/agent/measure/process/cycle-memory.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deviations, factsOf, identityOf, observe } from '../../fakes/measured-process.js';
import { pokeMemory, textOf } from '../../fakes/poke-memory.js';
import { VictimPrograms } from '../../fakes/victim-programs.js';

const victims = new VictimPrograms();
beforeAll(() => victims.build());
afterEach(() => victims.stopAll());
afterAll(() => victims.dispose());

describe('a process that ends', () => {
  it('before it is measured is no finding', async () => {
    const victim = await victims.start([victims.at('victim')]);
    const identity = identityOf(victim.pid);
    await victim.kill();
    expect(await observe(victim.pid, { process: identity })).toEqual({ state: 'ended' });
  });

  it.each([1, 2, 3, 5, 8, 13])('at read %i while it is measured is no finding', async (last) => {
    const { pid } = await victims.start([victims.at('victim')]);
    let reads = 0;
    const onBytes = (): void => {
      if (++reads === last) process.kill(pid, 'SIGKILL');
    };
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
    expect(await observe(pid, { onBytes, pause })).toEqual({ state: 'ended' });
    expect(reads).toBeGreaterThanOrEqual(last);
  });

  it('in its first thread only is measured like any other', async () => {
    const whole = await victims.start([victims.at('victim')]);
    const { pid } = await victims.start([victims.at('victim'), 'first-thread-ends']);
    expect(readFileSync(`/proc/${String(pid)}/stat`, 'latin1')).toContain(') Z ');
    const facts = await factsOf(pid);
    expect(facts.executable).toEqual((await factsOf(whole.pid)).executable);
    expect(deviations(facts)).toEqual([]);
    pokeMemory(pid, textOf(pid, '/victim').start);
    expect(deviations(await factsOf(pid))).toHaveLength(1);
  });
});

describe('a process that is busy', () => {
  it('loading and unloading libraries at the same addresses never seems to be patched', async () => {
    const program = [victims.at('victim'), 'churn', victims.at('one.so'), victims.at('two.so')];
    const { pid } = await victims.start(program);
    const seen = { running: 0, unreadable: 0, ended: 0 };
    for (let i = 0; i < 150; i++) {
      const observation = await observe(pid);
      seen[observation.state]++;
      if (observation.state === 'running') expect(deviations(observation.facts)).toEqual([]);
    }
    console.log(`while libraries come and go: ${JSON.stringify(seen)}`);
    expect(seen.ended).toBe(0);
    expect(seen.running).toBeGreaterThan(75);
  });

  it('executing itself again and again never seems to be patched, nor ended', async () => {
    const { pid } = await victims.start([victims.at('victim'), 'reexec', '3000']);
    const seen = { running: 0, unreadable: 0, ended: 0 };
    for (let i = 0; i < 100; i++) {
      const observation = await observe(pid);
      seen[observation.state]++;
      if (observation.state === 'running') expect(deviations(observation.facts)).toEqual([]);
    }
    console.log(`while it executes itself: ${JSON.stringify(seen)}`);
    expect(seen.ended).toBe(0);
  });
});

describe('a process that executes another program while it is measured', () => {
  it.each(['first', 'last'])('at the %s read is told of as what it is then', async (when) => {
    const script = `trap 'exec ${victims.at('static')}' USR1; echo ready; while :; do sleep 0.01; done`;
    const { pid } = await victims.start(['bash', '-c', script]);
    let reads = 0;
    await factsOf(pid, { onBytes: () => (reads += 1) });
    let left = when === 'first' ? 1 : reads;
    const onBytes = (): void => {
      if (--left !== 0) return;
      process.kill(pid, 'SIGUSR1');
      while (!readlinkSync(`/proc/${String(pid)}/exe`).endsWith('/static'));
    };
    const facts = await factsOf(pid, { onBytes });
    expect(facts.executable.path).toBe(victims.at('static'));
    expect(facts.files.map(({ path }) => path)).toEqual([victims.at('static')]);
  });
});

describe('measuring', () => {
  it('ends once it is told to', async () => {
    const { pid } = await victims.start([victims.at('victim')]);
    const stop = new AbortController();
    const onBytes = (): void => {
      stop.abort();
    };
    await expect(observe(pid, { onBytes, signal: stop.signal })).rejects.toMatchObject({ code: 'request.cancelled' });
  });

  it('leaves no descriptor open', async () => {
    const open = (): number => readdirSync('/proc/self/fd').length;
    const victim = await victims.start([victims.at('victim')]);
    await factsOf(victim.pid);
    const before = open();
    for (let i = 0; i < 20; i++) await factsOf(victim.pid);
    expect(open()).toBe(before);
  });

  it('hashes a file once in a cycle, and compares the memory of each process', async () => {
    const first = await victims.start([victims.at('victim')]);
    const second = await victims.start([victims.at('victim')]);
    const memory = newCycleMemory();
    const bytes: number[] = [];
    for (const { pid } of [first, second]) {
      let read = 0;
      await factsOf(pid, { memory, onBytes: (count) => (read += count) });
      bytes.push(read);
    }
    expect(bytes[1]).toBeGreaterThan(1_000_000);
    expect(bytes[1]).toBeLessThan((bytes[0] ?? 0) - 1_000_000);
  });
});
