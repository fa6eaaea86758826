import { copyFileSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import type { PackageDatabase } from '@sealwatch/agent/measure/process/package-database.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deviations, factsOf, fileNamed } from '../../fakes/measured-process.js';
import { SmallProcfs } from '../../fakes/small-procfs.js';
import { VictimPrograms } from '../../fakes/victim-programs.js';

const victims = new VictimPrograms();
beforeAll(() => victims.build());
afterEach(() => victims.stopAll());
afterAll(() => victims.dispose());

describe('code that is not the program’s own:', () => {
  it('a library forced in by the environment is listed as that, with its digest', async () => {
    const library = victims.at('one.so');
    const { pid } = await victims.start([victims.at('victim')], { LD_PRELOAD: library, SECRET: 'hunter2' });
    const facts = await factsOf(pid);
    expect(fileNamed(facts, 'one.so')).toEqual({
      path: library,
      role: 'library',
      digest: { state: 'known', value: sha256(readFileSync(library)) },
      onDisk: { state: 'same' },
      text: { state: 'equal', privatePages: 0 },
      writable: false,
      systemDirectory: false,
      preloaded: true,
      package: null,
    });
    expect(facts.environment).toEqual({ state: 'known', value: [{ name: 'LD_PRELOAD', value: library }] });
    expect(JSON.stringify(facts)).not.toMatch(/SECRET|hunter2/);
    expect(fileNamed(facts, 'libc.so.6')).toMatchObject({ preloaded: false, systemDirectory: true });
  });

  it('forced in through a symbolic link, it is known by the file', async () => {
    rmSync(victims.at('other-name.so'), { force: true });
    copyFileSync(victims.at('one.so'), victims.at('real-name.so'));
    symlinkSync('real-name.so', victims.at('other-name.so'));
    const { pid } = await victims.start([victims.at('victim')], { LD_PRELOAD: victims.at('other-name.so') });
    expect(fileNamed(await factsOf(pid), 'real-name.so').preloaded).toBe(true);
  });

  it('an audit library too', async () => {
    const { pid } = await victims.start([victims.at('victim')], { LD_AUDIT: victims.at('two.so') });
    const facts = await factsOf(pid);
    expect(facts.environment).toMatchObject({ value: [{ name: 'LD_AUDIT' }] });
  });

  it('libraries, and they alone, are asked about in the package database', async () => {
    const asked: string[] = [];
    const packages: PackageDatabase = {
      ownerOf: (path) => {
        asked.push(path.toString());
        return Promise.resolve({ state: 'unowned' });
      },
    };
    const { pid } = await victims.start([victims.at('victim')], { LD_PRELOAD: victims.at('one.so') });
    const procfs = new SmallProcfs().add(pid);
    const facts = await factsOf(pid, { packages, procRoot: procfs.root });
    procfs.remove();
    expect(asked.sort()).toEqual(facts.files.slice(1).map(({ path }) => path));
    expect(facts.files.map((file) => file.package)).toEqual([null, ...asked.map(() => ({ state: 'unowned' }))]);
  });

  it('a file that is mapped to be executed is listed', async () => {
    const { pid } = await victims.start([victims.at('static'), 'map', victims.at('victim.c')]);
    const facts = await factsOf(pid);
    expect(facts.files.map(({ path, role }) => [path, role])).toEqual([
      [victims.at('static'), 'executable'],
      [victims.at('victim.c'), 'library'],
    ]);
  });

  it('a device that is mapped to be executed is named and never opened', async () => {
    const { pid } = await victims.start([victims.at('static'), 'map', '/dev/zero']);
    const unreadable = { state: 'unreadable', reason: 'no regular file (character-device)' };
    expect(fileNamed(await factsOf(pid), 'zero')).toMatchObject({
      path: '/dev/zero',
      digest: unreadable,
      text: unreadable,
    });
  });

  it('a library that was replaced while it is mapped is told from the one on disk', async () => {
    const library = victims.at('updated.so');
    copyFileSync(victims.at('one.so'), library);
    const { pid } = await victims.start([victims.at('victim')], { LD_PRELOAD: library });
    copyFileSync(victims.at('victim'), `${library}.new`);
    renameSync(`${library}.new`, library);
    const facts = await factsOf(pid);
    expect(fileNamed(facts, 'updated.so')).toMatchObject({
      path: library,
      digest: { value: sha256(readFileSync(victims.at('one.so'))) },
      onDisk: { state: 'replaced', digest: sha256(readFileSync(library)) },
      text: { state: 'equal' },
    });
    rmSync(library);
    expect(fileNamed(await factsOf(pid), 'updated.so').onDisk).toEqual({ state: 'deleted' });
  });

  it('anonymous memory that can be executed is told from its absence', async () => {
    const good = await victims.start([victims.at('victim')]);
    expect((await factsOf(good.pid)).anonymous).toEqual([]);
    const bad = await victims.start([victims.at('victim'), 'anonymous']);
    const facts = await factsOf(bad.pid);
    expect(facts.anonymous).toEqual([{ name: '', writable: true }]);
    expect(deviations(facts)).toEqual([]);
  });

  it('an executable stack is named', async () => {
    const { pid } = await victims.start([victims.at('execstack')]);
    expect((await factsOf(pid)).anonymous).toEqual([{ name: '[stack]', writable: true }]);
  });
});

describe('an environment', () => {
  it('gives the variables that bend cryptography or loading, and no other', async () => {
    const { pid } = await victims.start([victims.at('static')], {
      GODEBUG: 'fips140=off',
      GOFIPS: '0',
      GOLANG_FIPS: '0',
      OPENSSL_CONF: '/tmp/openssl.cnf',
      LD_LIBRARY_PATH: '/tmp',
      PATH: '/usr/bin',
      PASSWORD: 'LD_PRELOAD=/x',
      XGODEBUG: '1',
    });
    expect((await factsOf(pid)).environment).toEqual({
      state: 'known',
      value: [
        { name: 'GODEBUG', value: 'fips140=off' },
        { name: 'GOFIPS', value: '0' },
        { name: 'GOLANG_FIPS', value: '0' },
        { name: 'LD_LIBRARY_PATH', value: '/tmp' },
        { name: 'OPENSSL_CONF', value: '/tmp/openssl.cnf' },
      ],
    });
  });
});
