import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Finished, runCommand } from '../../fakes/run-command.js';

const SYSTEMD = join(import.meta.dirname, '..', '..', '..', 'systemd');
const UNITS = ['sealwatch-agent', 'sealwatch-agent-enroll', 'sealwatch-collector'] as const;
const PROGRAMS = ['sealwatch-agent', 'sealwatch-collector'] as const;

/** A root directory with the units installed and programs where they look for them. */
let root: string;
let units: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sealwatch-units-'));
  units = join(root, 'etc', 'systemd', 'system');
  mkdirSync(join(root, 'usr', 'bin'), { recursive: true });
  for (const name of UNITS) {
    cpSync(join(SYSTEMD, `${name}.service`), join(units, `${name}.service`));
  }
  for (const name of PROGRAMS) {
    writeFileSync(join(root, 'usr', 'bin', name), '#!/bin/sh\n');
    chmodSync(join(root, 'usr', 'bin', name), 0o755);
  }
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

function analyze(verb: string, name: string, ...options: string[]): Promise<Finished> {
  const unit = join(units, `${name}.service`);
  return runCommand(['systemd-analyze', '--no-pager', `--root=${root}`, ...options, verb, unit]);
}

/** As `systemd-analyze security` sums it up: 0 is none, 10 all. */
async function exposure(name: string): Promise<number> {
  const { stdout } = await analyze('security', name, '--offline=true');
  return Number(/Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]);
}

describe('by themselves, as on an old systemd,', () => {
  it.each(UNITS)('%s has nothing that systemd-analyze objects to', async (name) => {
    const { status, stdout, stderr } = await analyze('verify', name, '--man=no', '--recursive-errors=no');
    expect([status, stdout, stderr]).toEqual([0, '', '']);
  });
});

describe('with all drop-ins', () => {
  let bare: Record<string, number>;
  beforeAll(async () => {
    bare = Object.fromEntries(await Promise.all(UNITS.map(async (name) => [name, await exposure(name)] as const)));
    for (const name of PROGRAMS) {
      const folder = `${name}.service.d`;
      cpSync(join(SYSTEMD, folder), join(units, folder), { recursive: true });
    }
  });

  it.each(UNITS)('%s has nothing that systemd-analyze objects to', async (name) => {
    const { status, stdout, stderr } = await analyze('verify', name, '--man=no', '--recursive-errors=no');
    expect([status, stdout, stderr]).toEqual([0, '', '']);
  });

  it.each([
    ['sealwatch-agent', 2.7],
    ['sealwatch-collector', 1.3],
  ])('%s is exposed no more than docs/systemd.md says', async (name, most) => {
    const level = await exposure(name);
    expect(level).toBeGreaterThan(0);
    expect(level).toBeLessThanOrEqual(most);
    expect(level).toBeLessThan(bare[name]!);
  });

  it('enrolling is exposed no more than docs/systemd.md says, either', async () => {
    expect(await exposure('sealwatch-agent-enroll')).toBeLessThanOrEqual(2.3);
  });
});

it('sysusers and tmpfiles make the collector’s user and both state directories', async () => {
  for (const [program, folder] of [
    ['systemd-sysusers', 'sysusers.d'],
    ['systemd-tmpfiles', 'tmpfiles.d'],
  ] as const) {
    const files = readdirSync(join(SYSTEMD, folder)).map((file) => join(SYSTEMD, folder, file));
    mkdirSync(join(root, 'etc'), { recursive: true });
    const create = program === 'systemd-tmpfiles' ? ['--create'] : [];
    const { status, stderr } = await runCommand([program, `--root=${root}`, ...create, ...files]);
    expect([program, status, stderr.includes('rror')]).toEqual([program, 0, false]);
  }
  expect(readdirSync(join(root, 'var', 'lib')).sort()).toEqual(['sealwatch-agent', 'sealwatch-collector']);
});
