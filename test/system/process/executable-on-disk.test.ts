import { copyFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deviations, factsOf, fileNamed } from '../../fakes/measured-process.js';
import { VictimPrograms } from '../../fakes/victim-programs.js';

const victims = new VictimPrograms();
const program = victims.at('component');
let digest: string;

beforeAll(async () => {
  await victims.build();
  digest = sha256(readFileSync(victims.at('victim')));
});
beforeEach(() => {
  rmSync(program, { force: true });
  copyFileSync(victims.at('victim'), program);
});
afterEach(() => victims.stopAll());
afterAll(() => victims.dispose());

describe('the executable of a running process', () => {
  it('is hashed through the process and is the file on disk', async () => {
    const { pid } = await victims.start([program]);
    expect((await factsOf(pid)).executable).toEqual({
      path: program,
      digest: { state: 'known', value: digest },
      onDisk: { state: 'same' },
    });
  });

  it('that was replaced by another is told from the new file, whose digest is given', async () => {
    const { pid } = await victims.start([program]);
    writeFileSync(`${program}.new`, 'the next version');
    renameSync(`${program}.new`, program);
    const facts = await factsOf(pid);
    expect(facts.executable).toEqual({
      path: program,
      digest: { state: 'known', value: digest },
      onDisk: { state: 'replaced', digest: sha256(Buffer.from('the next version')) },
    });
    expect(deviations(facts)).toEqual([]);
  });

  it('that was reinstalled with the same bytes is replaced by the same digest', async () => {
    const { pid } = await victims.start([program]);
    copyFileSync(program, `${program}.new`);
    renameSync(`${program}.new`, program);
    expect((await factsOf(pid)).executable.onDisk).toEqual({ state: 'replaced', digest });
  });

  it('that was deleted is still hashed and compared', async () => {
    const { pid } = await victims.start([program]);
    rmSync(program);
    const facts = await factsOf(pid);
    expect(facts.executable).toEqual({
      path: program,
      digest: { state: 'known', value: digest },
      onDisk: { state: 'deleted' },
    });
    expect(fileNamed(facts, 'component')).toMatchObject({ role: 'executable', text: { state: 'equal' } });
  });

  it('a changed copy that ran while the good file was away is found out by its digest', async () => {
    const changed = Buffer.concat([readFileSync(program), Buffer.from('changed')]);
    renameSync(program, `${program}.good`);
    writeFileSync(program, changed, { mode: 0o755 });
    const { pid } = await victims.start([program]);
    renameSync(`${program}.good`, program);
    expect((await factsOf(pid)).executable).toEqual({
      path: program,
      digest: { state: 'known', value: sha256(changed) },
      onDisk: { state: 'replaced', digest },
    });
  });

  it('whose name ends as the kernel marks deleted files is not taken for one', async () => {
    const odd = `${program} (deleted)`;
    copyFileSync(program, odd);
    const { pid } = await victims.start([odd]);
    expect((await factsOf(pid)).executable).toMatchObject({ path: odd, onDisk: { state: 'same' } });
    rmSync(odd);
    expect((await factsOf(pid)).executable).toMatchObject({ path: odd, onDisk: { state: 'deleted' } });
  });

  it('with a newline, an escape and bytes that are no text in its name has one name', async () => {
    const odd = Buffer.concat([Buffer.from(`${program}\n\\012 `), Buffer.from([0xff])]);
    copyFileSync(program, odd);
    const { pid } = await victims.start(['/bin/sh', '-c', 'exec "$(printf "$0")"', `${program}\\n\\\\012 \\377`]);
    const facts = await factsOf(pid);
    expect(facts.executable).toMatchObject({ path: `${program}\n\\\\012 \\xff`, onDisk: { state: 'same' } });
    expect(facts.files[0]).toMatchObject({ path: `${program}\n\\\\012 \\xff`, role: 'executable' });
    expect(deviations(facts)).toEqual([]);
  });

  it('that lost one of its names and kept another was deleted from its path', async () => {
    linkSync(program, `${program}.link`);
    const { pid } = await victims.start([program]);
    rmSync(program);
    expect((await factsOf(pid)).executable).toMatchObject({ path: program, onDisk: { state: 'deleted' } });
  });

  it('that never was on disk has no place there', async () => {
    const { pid } = await victims.start([victims.at('victim'), 'memfd']);
    const facts = await factsOf(pid);
    expect(facts.executable).toMatchObject({ path: '/memfd:sshd', onDisk: { state: 'memory' } });
    expect(facts.files[0]).toMatchObject({ path: '/memfd:sshd', role: 'executable', digest: null });
  });
});
