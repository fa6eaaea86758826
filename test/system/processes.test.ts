import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckResult, SubjectResult } from '@sealwatch/shared/check/check-result.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pokeMemory, textOf } from '../fakes/poke-memory.js';
import { mustRun, runCommand } from '../fakes/run-command.js';
import { VictimPrograms } from '../fakes/victim-programs.js';

const PROJECT = join(import.meta.dirname, '..', '..');
const SEALWATCH = join(PROJECT, 'collector', 'bin', 'sealwatch.js');
const AGENT = join(PROJECT, 'agent', 'bin', 'sealwatch-agent.js');

const victims = new VictimPrograms();
const bin = (name: string): string => join(victims.at('bin'), name);
const signed = (name: string): string => victims.at(name);

beforeAll(async () => {
  await victims.build();
  mkdirSync(victims.at('bin'));
  copyFileSync(victims.at('static'), bin('server'));
  const cwd = victims.directory;
  await mustRun([process.execPath, SEALWATCH, 'manifest', 'keygen', '--out', 'publisher.key'], { cwd });
  copyFileSync(process.execPath, bin('node'));
  const listed = ['--component', `server=${bin('server')}`, '--component', `sealwatch-agent=${bin('node')}`];
  const sealed = ['--key', 'publisher.key', '--out', 'manifest.json'];
  await mustRun([process.execPath, SEALWATCH, 'manifest', 'create', '--id', 'v1', ...listed, ...sealed], { cwd });
}, 60_000);
beforeEach(() => {
  copyFileSync(victims.at('static'), bin('fresh'));
  renameSync(bin('fresh'), bin('server'));
});
afterEach(() => victims.stopAll());
afterAll(() => victims.dispose());

/** What one verification of this real host says of the component's processes; undefined if it has no line. */
async function processLine(): Promise<SubjectResult | undefined> {
  return line('process:server');
}

async function line(subject: string): Promise<SubjectResult | undefined> {
  const trust = ['--manifest', signed('manifest.json'), '--publisher-key', signed('publisher.pub')];
  const where = ['--root', '/', '--allow-non-fips-host', '--output', 'json'];
  const { stdout, stderr } = await runCommand([process.execPath, AGENT, 'verify', ...trust, ...where]);
  if (stdout === '') throw new Error(stderr);
  const result = JSON.parse(stdout) as CheckResult;
  return result.hosts[0]?.subjects.find(({ id }) => id === subject);
}

/** Where process 1 can't be looked into, what was to be compared with it is a warning here. */
async function codes(): Promise<string[]> {
  const all = ((await processLine())?.findings ?? []).map(({ code }) => code);
  return all.filter((code) => code !== 'process.unseen');
}

describe('a signed program that runs', () => {
  it('has a line of its own, which says that its memory is the signed one', async () => {
    await victims.start([bin('server')]);
    const line = await processLine();
    expect(line).toMatchObject({ label: 'server [process]', statement: 'Signature Validated In Memory' });
    expect(await codes()).toEqual([]);
  });

  it('has none while it does not run', async () => {
    expect(await processLine()).toBeUndefined();
  });

  it('may be restarted ten times without a word', async () => {
    for (let i = 0; i < 10; i++) await victims.start([bin('server')]);
    expect(await codes()).toEqual([]);
  });
});

describe('what an intruder does to it', () => {
  it('one byte of its code changed in memory', async () => {
    const { pid } = await victims.start([bin('server')]);
    pokeMemory(pid, textOf(pid, '/server').start + 0x123n);
    const line = await processLine();
    expect(line).toMatchObject({ statement: 'Signature Not Validated In Memory', status: 'fail' });
    expect(line?.findings.map(({ code }) => code)).toContain('process.text-modified');
  });

  it('a changed copy that runs while the good file is back on disk', async () => {
    writeFileSync(bin('server'), Buffer.concat([readFileSync(victims.at('static')), Buffer.from('more')]));
    await victims.start([bin('server')]);
    copyFileSync(victims.at('static'), bin('fresh'));
    renameSync(bin('fresh'), bin('server'));
    expect(await codes()).toContain('process.digest-mismatch');
  });

  it('a preloaded library, and an environment that bends cryptography', async () => {
    copyFileSync(victims.at('victim'), bin('server'));
    await victims.start([bin('server')], { LD_PRELOAD: victims.at('one.so'), GODEBUG: 'fips140=off' });
    const found = await codes();
    expect(found).toContain('process.environment');
    expect(found).toContain('process.library-foreign');
  });

  it('executable memory without a file', async () => {
    await victims.start([bin('server'), 'anonymous']);
    expect(await codes()).toContain('process.anonymous-code');
  });

  it('its file deleted while it runs', async () => {
    await victims.start([bin('server')]);
    rmSync(bin('server'));
    expect(await codes()).toEqual(['process.running-deleted']);
  });
});

describe('an upgrade without a restart', () => {
  it('to something unsigned is said, though what runs is signed', async () => {
    await victims.start([bin('server')]);
    writeFileSync(bin('fresh'), Buffer.concat([readFileSync(victims.at('static')), Buffer.from('newer')]), {
      mode: 0o755,
    });
    renameSync(bin('fresh'), bin('server'));
    expect(await codes()).toEqual(['process.running-replaced']);
  });
});

describe("the agent's own runtime, a component like any other", () => {
  const FAILING = ['fail', 'unknown'];
  const failing = (result: SubjectResult | undefined): string[] =>
    (result?.findings ?? [])
      .filter(({ severity, code }) => FAILING.includes(severity) && code !== 'process.unseen')
      .map(({ code }) => code);
  const running = ['-e', "console.log('ready'); setInterval(() => undefined, 1000)"];

  it('compiles code while it runs, and is good', async () => {
    await victims.start([bin('node'), ...running]);
    const own = await line('process:sealwatch-agent');
    expect(own?.statement).toBe('Signature Validated In Memory');
    expect(failing(own)).toEqual([]);
  });

  it('that is replaced on disk fails, on disk and as what runs', async () => {
    await victims.start([bin('node'), ...running]);
    writeFileSync(bin('fresh'), Buffer.concat([readFileSync(process.execPath), Buffer.from('more')]), { mode: 0o755 });
    renameSync(bin('fresh'), bin('node'));
    expect(failing(await line(`file:sealwatch-agent:${bin('node')}`))).toEqual(['file.digest-mismatch']);
    expect(failing(await line('process:sealwatch-agent'))).toEqual(['process.running-replaced']);
  });
});
