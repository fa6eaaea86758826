import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deviations, factsOf, fileNamed, identityOf, observe } from '../../fakes/measured-process.js';
import { pokeMemory, textOf } from '../../fakes/poke-memory.js';
import { VictimPrograms } from '../../fakes/victim-programs.js';

const victims = new VictimPrograms();
beforeAll(() => victims.build());
afterEach(() => victims.stopAll());
afterAll(() => victims.dispose());

describe('one byte of code changed in a running process', () => {
  it('is found in the executable, at its offset, while the file is as it was', async () => {
    const { pid } = await victims.start([victims.at('victim')]);
    const before = await factsOf(pid);
    expect(deviations(before)).toEqual([]);

    const { start, offset } = textOf(pid, '/victim');
    pokeMemory(pid, start + 0x123n);

    const after = await factsOf(pid);
    expect(after.executable).toEqual(before.executable);
    expect(fileNamed(after, 'victim').text).toEqual({
      state: 'different',
      pages: 1,
      firstOffset: (offset + 0x123n).toString(),
    });
    expect(deviations(after)).toHaveLength(1);
  });

  it('is found in a library, in the last byte of its code too', async () => {
    const { pid } = await victims.start([victims.at('victim')]);
    const { start, end, offset } = textOf(pid, '/libc.so.6');
    pokeMemory(pid, end - 1n);
    expect(fileNamed(await factsOf(pid), 'libc.so.6').text).toEqual({
      state: 'different',
      pages: 1,
      firstOffset: (offset + (end - start) - 1n).toString(),
    });
  });

  it('on several pages is counted by page, and the first is named', async () => {
    const { pid } = await victims.start([victims.at('static')]);
    const { start, offset } = textOf(pid, '/static');
    for (const at of [0x5000n, 0x2001n, 0x2002n]) pokeMemory(pid, start + at);
    expect(fileNamed(await factsOf(pid), 'static').text).toEqual({
      state: 'different',
      pages: 2,
      firstOffset: (offset + 0x2001n).toString(),
    });
  });

  it('and put back leaves a page of its own, which counts', async () => {
    const { pid } = await victims.start([victims.at('static')]);
    const { start } = textOf(pid, '/static');
    expect(fileNamed(await factsOf(pid), 'static').text).toEqual({ state: 'equal', privatePages: 0 });
    pokeMemory(pid, start);
    pokeMemory(pid, start);
    expect(fileNamed(await factsOf(pid), 'static').text).toEqual({ state: 'equal', privatePages: 1 });
  });

  it('behind the end of the file, in what is left of its last page, is found', async () => {
    const { pid } = await victims.start([victims.at('victim'), 'map', victims.at('victim.c')]);
    const { start } = textOf(pid, '/victim.c');
    expect(fileNamed(await factsOf(pid), 'victim.c').text).toEqual({ state: 'equal', privatePages: 0 });
    pokeMemory(pid, start + 4000n);
    expect(fileNamed(await factsOf(pid), 'victim.c').text).toEqual({
      state: 'different',
      pages: 1,
      firstOffset: '4000',
    });
  });

  it('is found in the vdso', async () => {
    const { pid } = await victims.start([victims.at('victim')]);
    expect((await factsOf(pid)).vdso).toBe('equal');
    pokeMemory(pid, textOf(pid, '[vdso]').start + 0x200n);
    expect((await factsOf(pid)).vdso).toBe('different');
  });
});

describe('a process that is traced', () => {
  it('is said to be, and by which program', async () => {
    const { pid } = await victims.start([victims.at('victim')]);
    expect((await factsOf(pid)).tracer).toEqual({ state: 'known', value: null });
    const tracer = await victims.start([victims.at('static'), 'trace', String(pid)]);
    const facts = await factsOf(pid);
    expect(facts.tracer).toEqual({ state: 'known', value: victims.at('static') });
    expect(deviations(facts)).toEqual([]);
    await tracer.kill();
    expect((await factsOf(pid)).tracer).toEqual({ state: 'known', value: null });
  });
});

describe('facts', () => {
  it('are the same for a process and its next start', async () => {
    const first = await victims.start([victims.at('victim')], { GODEBUG: 'x=1' });
    const before = await factsOf(first.pid);
    await first.kill();
    const second = await victims.start([victims.at('victim')], { GODEBUG: 'x=1' });
    expect(JSON.stringify(await factsOf(second.pid))).toBe(JSON.stringify(before));
  });

  it('of a process that is not the one that was meant are none', async () => {
    const { pid } = await victims.start([victims.at('victim')]);
    const other = { ...identityOf(pid), startTime: '1' };
    expect(await observe(pid, { process: other })).toEqual({ state: 'ended' });
  });
});
