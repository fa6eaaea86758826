import { createHmac } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { agentProgram } from '@sealwatch/agent/cli/program.js';
import { concludeModule } from '@sealwatch/shared/binary/conclude-module.js';
import { moduleFactsOf } from '@sealwatch/shared/binary/module-facts.js';
import { moduleFactsSchema } from '@sealwatch/shared/binary/module-facts-schema.js';
import type { LocatedModule } from '@sealwatch/shared/binary/module/locate-boring-module.js';
import { observeFile } from '@sealwatch/shared/binary/observe-file.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import type { CheckResult, SubjectResult } from '@sealwatch/shared/check/check-result.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { capturedIo } from '../../fakes/captured-io.js';
import { Daemon } from '../../fakes/daemon.js';
import { flipByte } from '../../fakes/flip-byte.js';
import { GO_BUILDS, type GoBuildName, GoBinaries } from '../../fakes/go-binaries.js';
import { fileOffset, flipInProcess } from '../../fakes/load-address.js';
import { TestCluster } from '../../fakes/test-cluster.js';
import { waitUntil } from '../../fakes/wait-until.js';

/** The programs run outside of the directory that is the host's root here, which is process evidence's to say. */
const REQUIRING = {
  'policy.require': ['file', 'module', 'host'],
  'policy.severities': { 'process.unseen': 'warn' },
};
const binaries = new GoBinaries();

beforeAll(async () => {
  for (const name of Object.keys(GO_BUILDS) as GoBuildName[]) await binaries.build(name);
}, 900_000);
afterAll(() => {
  binaries.dispose();
});

describe('the facts that a report carries', () => {
  it.each(Object.keys(GO_BUILDS) as GoBuildName[])('%s: are few, and come to what all facts come to', async (name) => {
    const observation = await observeFile(binaries.path(name));
    if (observation.state !== 'program') throw new Error(observation.state);
    const facts = moduleFactsOf(observation.facts);
    for (const context of [{}, { godebug: 'fips140=off' }, { godebug: 'fips140=on' }]) {
      expect(concludeModule(facts, context)).toEqual(concludeModule(observation.facts, context));
    }
    expect(moduleFactsSchema.parse(JSON.parse(JSON.stringify(facts)))).toEqual(facts);
    expect(JSON.stringify(facts).length).toBeLessThan(1500);
  });
});

function moduleOf({ hosts }: CheckResult, component: string): SubjectResult | undefined {
  return hosts[0]?.subjects.find(({ id }) => id === `module:${component}`);
}

function codesOf(result: CheckResult, id: string): string[] {
  const subject = result.hosts[0]?.subjects.find((candidate) => candidate.id === id);
  return [...new Set((subject?.findings ?? []).map(({ code }) => code))].sort();
}

async function locatedIn(path: string): Promise<Extract<LocatedModule, { state: 'found' }>> {
  const observation = await observeFile(path);
  if (observation.state !== 'program' || observation.facts.boring.state !== 'found') throw new Error('no module');
  return observation.facts.boring;
}

/** What a careful attacker does after changing the module: its key is public. */
async function reinject(path: string, { address, length, hash }: { address: number; length: number; hash: string }) {
  const bytes = readFileSync(path);
  const start = await fileOffset(path, address);
  const anew = createHmac('sha512', Buffer.alloc(64))
    .update(bytes.subarray(start, start + length))
    .digest();
  anew.copy(bytes, bytes.indexOf(Buffer.from(hash, 'hex')));
  rmSync(path);
  writeFileSync(path, bytes, { mode: 0o755 });
}

describe('a cluster of real FIPS binaries', () => {
  let cluster: TestCluster;
  const running: Daemon[] = [];

  beforeAll(async () => {
    cluster = await TestCluster.create({
      hosts: ['alpha'],
      settings: REQUIRING,
      components: [
        { name: 'kubelet', path: binaries.path('fipsonly') },
        { name: 'containerd', path: binaries.path('stripped pie') },
        { name: 'etcd', path: binaries.path('native') },
        { name: 'runc', path: '/usr/sbin/runc' },
      ],
    });
    await cluster.startAgents();
  }, 120_000);
  afterEach(async () => {
    await Promise.all(running.splice(0).map((daemon) => daemon.kill()));
  });
  afterAll(async () => {
    await cluster.dispose();
  });

  async function started(component: string, env: NodeJS.ProcessEnv = {}): Promise<Daemon> {
    const daemon = new Daemon([cluster.file('alpha', component), 'wait'], { env });
    running.push(daemon);
    await waitUntil('the program runs', () => daemon.output.includes('started'), { explain: () => daemon.output });
    return daemon;
  }

  it('passes, each line naming what it has, runc without one', async () => {
    await started('kubelet');
    const { result, status } = await cluster.check();
    expect(moduleOf(result, 'kubelet')).toMatchObject({ statement: 'BoringCrypto, Known Build', status: 'ok' });
    expect(moduleOf(result, 'containerd')).toMatchObject({ statement: 'BoringCrypto, Known Build', status: 'warn' });
    expect(codesOf(result, 'module:containerd')).toEqual(['module.unrestricted']);
    expect(moduleOf(result, 'etcd')?.statement).toBe('Go Cryptographic Module, Self-Consistent, Known By Name');
    expect(moduleOf(result, 'runc')).toMatchObject({ statement: 'No Module', status: 'not-checked', findings: [] });
    expect(moduleOf(result, 'kubelet')?.module?.map(({ where }) => where)).toEqual(['file', 'process']);
    expect([result.verdict, status]).toEqual(['compliant', 0]);
  });

  it('says in its last paragraph what its manifest says of them, and of which day that is', async () => {
    const { stdout } = await cluster.sealwatch('check', 'fips');
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toMatch(/According to manifest test-1 the module is BoringCrypto \(18d35ae031f\w+, 733200 bytes\) of/);
    expect(text).toContain('certificate 3678');
    expect(text).not.toMatch(/FIPS compliant|certified/i);
  });

  it('fails when one byte of the module in memory is another', async () => {
    const { pid } = await started('kubelet');
    const { address } = await locatedIn(cluster.file('alpha', 'kubelet'));
    await flipInProcess(pid, address + 4000);
    const { result, status } = await cluster.check();
    expect(codesOf(result, 'module:kubelet')).toEqual(['module.corrupt', 'module.memory-differs', 'module.mismatch']);
    expect(status).toBe(1);
  });

  it('warns when a process was started with its module off', async () => {
    await started('etcd', { GODEBUG: 'fips140=off' });
    const { result } = await cluster.check();
    expect(codesOf(result, 'module:etcd')).toEqual(['module.mode-off']);
  });

  it('fails when a byte of the module is flipped, and when its value was computed anew (row 17)', async () => {
    const path = cluster.file('alpha', 'kubelet');
    const good = readFileSync(path);
    const located = await locatedIn(path);
    flipByte(path, (await fileOffset(path, located.address)) + 4000);
    const flipped = await cluster.check();
    expect(codesOf(flipped.result, 'module:kubelet')).toEqual(['module.corrupt', 'module.mismatch']);
    expect(moduleOf(flipped.result, 'kubelet')?.statement).toBe('BoringCrypto, Corrupt');

    await reinject(path, located);
    const reinjected = await cluster.check();
    expect(codesOf(reinjected.result, 'module:kubelet')).toEqual(['module.mismatch']);
    expect(moduleOf(reinjected.result, 'kubelet')).toMatchObject({
      statement: 'BoringCrypto, Self-Consistent, Unknown Build',
      status: 'fail',
    });
    expect([flipped.status, reinjected.status]).toEqual([1, 1]);
    writeFileSync(path, good);
    expect((await cluster.check()).status).toBe(0);
  });
});

describe('sealwatch-agent inspect of a process', () => {
  it('knows what it was started with, and what it is made of', async () => {
    const daemon = new Daemon([binaries.path('native'), 'wait'], { env: { GODEBUG: 'http2client=0,fips140=off' } });
    try {
      await waitUntil('the program runs', () => daemon.output.includes('started'), { explain: () => daemon.output });
      const io = capturedIo();
      expect(await runProgram(agentProgram(io), ['inspect', String(daemon.pid)], io)).toBe(0);
      expect(io.stdout).toContain("Approved mode: fips140=off, from the process's environment");
      expect(io.stdout).toContain('in memory as in the file');
      expect(io.stdout).toContain('cryptography: GODEBUG=http2client=0,fips140=off');
      expect(io.stdout).toContain('Traced by: nobody');
    } finally {
      await daemon.kill();
    }
  });
});

describe('a component that claims a module and has none (row 16)', () => {
  it('fails on first sight, signed as it is', async () => {
    const cluster = await TestCluster.create({
      hosts: ['alpha'],
      settings: REQUIRING,
      components: [{ name: 'kubelet', path: binaries.path('liar') }],
    });
    try {
      await cluster.startAgents();
      const { result, status } = await cluster.check();
      expect(codesOf(result, 'file:kubelet:/usr/bin/kubelet')).toEqual([]);
      expect(codesOf(result, 'module:kubelet')).toEqual(['module.absent']);
      expect(moduleOf(result, 'kubelet')?.statement).toBe('No Module Although Claimed');
      expect(status).toBe(1);
    } finally {
      await cluster.dispose();
    }
  }, 120_000);
});
