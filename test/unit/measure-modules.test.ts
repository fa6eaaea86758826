import { execFileSync } from 'node:child_process';
import { copyFileSync, utimesSync } from 'node:fs';
import { ModuleMemory } from '@sealwatch/agent/measure/module/module-memory.js';
import { measureModules } from '@sealwatch/agent/measure/module/measure-modules.js';
import { moduleVariables } from '@sealwatch/agent/measure/module/module-variables.js';
import { newCycleMemory } from '@sealwatch/agent/measure/process/cycle-memory.js';
import type { ModuleMeasurement } from '@sealwatch/shared/measurement/module-measurement.js';
import { securityVariables } from '@sealwatch/shared/proc/security-variables.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { component, manifest } from '../fakes/appraisal-world.js';
import { HostTree } from '../fakes/host-tree.js';

let tree: HostTree;
let moduleMemory: ModuleMemory;
beforeEach(() => {
  tree = new HostTree();
  moduleMemory = new ModuleMemory();
});
afterEach(() => {
  tree.remove();
});

const NEVER = new AbortController().signal;
const manifests = [manifest('1', { components: ['kubelet', 'runc'].map((name) => component(name)) })];

async function measured(fresh = false): Promise<{ kubelet: ModuleMeasurement | undefined; bytes: number }> {
  let bytes = 0;
  const [kubelet] = await measureModules({
    components: ['kubelet', 'runc'],
    manifests,
    containerPids: new Map(),
    procRoot: tree.directory('/empty').at('/empty'),
    hostRoot: tree.root,
    memory: newCycleMemory(),
    moduleMemory,
    fresh,
    onBytes: (read) => (bytes += read),
    signal: NEVER,
  });
  return { kubelet, bytes };
}

/** A real program of C. */
function install(program: string): void {
  tree.write('/usr/bin/kubelet');
  copyFileSync(program, tree.at('/usr/bin/kubelet'));
}

describe('the modules of a host', () => {
  it('are looked for in what is there, and in nothing else', async () => {
    expect((await measured()).kubelet?.observed).toEqual({
      state: 'seen',
      programs: [],
      morePrograms: false,
      blind: [],
    });
    install('/usr/bin/true');
    expect((await measured()).kubelet?.observed.programs).toMatchObject([
      {
        where: 'file',
        path: '/usr/bin/kubelet',
        state: 'program',
        facts: { go: null, boring: { state: 'not-found' } },
      },
    ]);
  });

  it.each([
    ['a script', '#!/bin/sh\n', { state: 'not-elf', begins: 'script' }],
    ['half a program', '\x7fELF\x02\x01\x01', { state: 'malformed' }],
  ])('are not found in %s, which is said', async (_, content, expected) => {
    tree.write('/usr/bin/kubelet', content);
    expect((await measured()).kubelet?.observed.programs).toMatchObject([expected]);
  });

  it('are not waited for at a FIFO, nor looked for outside of the root', async () => {
    execFileSync('mkfifo', [tree.directory('/usr/bin').at('/usr/bin/kubelet')]);
    expect((await measured()).kubelet?.observed.programs).toMatchObject([{ state: 'unreadable' }]);
  });

  it('are not examined again while the file is the same, unless somebody asked', async () => {
    install('/usr/bin/true');
    const first = await measured();
    expect(first.bytes).toBeGreaterThan(0);
    expect(await measured()).toEqual({ ...first, bytes: 0 });
    expect(await measured(true)).toEqual(first);
    utimesSync(tree.at('/usr/bin/kubelet'), 1, 1);
    expect(await measured()).toEqual(first);
    install('/usr/bin/false');
    expect((await measured()).kubelet).not.toEqual(first.kubelet);
  });

  it('are forgotten with their files', async () => {
    install('/usr/bin/true');
    await measured();
    const before = tree.at('/usr/bin/kubelet');
    execFileSync('mv', [before, `${before}-away`]);
    await measured();
    execFileSync('mv', [`${before}-away`, before]);
    expect((await measured()).bytes).toBeGreaterThan(0);
  });
});

describe('the variables that switch a module', () => {
  const of = (...environ: string[]): unknown =>
    moduleVariables(securityVariables(Buffer.from(environ.map((text) => `${text}\0`).join(''), 'latin1')));

  it('are told, of GODEBUG only what concerns it', () => {
    expect(of('HOME=/', 'GODEBUG=netdns=go,fips140=on,x=1,fips140=off', 'GOFIPS=0', 'LD_PRELOAD=x')).toEqual([
      { name: 'GODEBUG', value: 'fips140=off' },
      { name: 'GOFIPS', value: '0' },
    ]);
    expect(of('GODEBUG=netdns=go')).toEqual([]);
  });

  it('are the first of their name, as Go reads them', () => {
    expect(of('GODEBUG=fips140=on', 'GODEBUG=fips140=off')).toEqual([{ name: 'GODEBUG', value: 'fips140=on' }]);
  });

  it('are cut where they are long', () => {
    const [variable] = of(`GODEBUG=fips140=${'x'.repeat(10_000)}\xff`) as { value: string }[];
    expect(variable?.value).toHaveLength(100);
  });
});
