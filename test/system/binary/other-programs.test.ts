import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BinaryFacts } from '@sealwatch/shared/binary/binary-facts.js';
import { concludeModule } from '@sealwatch/shared/binary/conclude-module.js';
import { observeFile } from '@sealwatch/shared/binary/observe-file.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustRun } from '../../fakes/run-command.js';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-programs-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

async function facts(path: string): Promise<BinaryFacts> {
  const observation = await observeFile(path);
  if (observation.state !== 'program') throw new Error(JSON.stringify(observation));
  return observation.facts;
}

describe('programs of the distribution', () => {
  it.each(['containerd', 'runc', 'etcd'])('%s is plain Go, unchanged by any toolchain for FIPS', async (name) => {
    const { stdout } = await mustRun(['sh', '-c', `command -v ${name}`]);
    const observed = await facts(realpathSync(stdout.trim()));
    expect(observed).toMatchObject({
      go: { format: 'inline', version: { experiments: [], boringRelease: null } },
      names: { known: true, boringCrypto: false, standardCrypto: true },
      signatures: ['standardCrypto'],
      boring: { state: 'not-found' },
      native: { state: 'absent' },
    });
    expect(concludeModule(observed)).toMatchObject({ backend: 'standard', module: { state: 'none' }, claims: [] });
  });

  it("openssl uses the system's library", async () => {
    const observed = await facts('/usr/bin/openssl');
    expect(observed.elf.needed).toContain('libcrypto.so.3');
    expect(concludeModule(observed)).toMatchObject({ backend: 'openssl-system', module: { state: 'elsewhere' } });
  });

  it.each([
    ['as an executable', ['-no-pie'], 'executable', '/lib64/ld-linux-x86-64.so.2'],
    ['position-independent', ['-pie'], 'shared', '/lib64/ld-linux-x86-64.so.2'],
    ['static', ['-static'], 'executable', null],
  ])('a C program, %s', async (_, flags, kind, interpreter) => {
    const source = join(directory, 'main.c');
    writeFileSync(source, 'int main(void) { return 0; }\n');
    await mustRun(['gcc', ...flags, '-Wl,--build-id=0x0123456789abcdef', '-o', join(directory, 'c'), source]);
    const observed = await facts(join(directory, 'c'));
    expect(observed).toMatchObject({
      elf: {
        kind,
        interpreter,
        machine: 'amd64',
        stripped: false,
        buildIds: { gnu: '0123456789abcdef', go: null },
        problems: [],
      },
      go: null,
      boring: { state: 'not-found' },
    });
    expect(concludeModule(observed)).toMatchObject({ backend: 'not-known', module: { state: 'none' } });
  });

  it('a script is none, and half a program is malformed', async () => {
    expect(await observeFile('/usr/bin/ldd')).toEqual({ state: 'not-elf', begins: 'script' });
    const half = join(directory, 'half');
    const whole = readFileSync('/usr/bin/openssl');
    writeFileSync(half, whole.subarray(0, whole.length / 2));
    expect(await observeFile(half)).toMatchObject({ state: 'malformed' });
  });
});

describe('old Go, from packages of esbuild', () => {
  it.each([
    ['0.8.57', 'go1.16'],
    ['0.13.15', 'go1.17.2'],
  ])('%s: build info of %s is pointed at', async (version, go) => {
    const options = { cwd: directory, timeoutMs: 120_000 };
    const { stdout } = await mustRun(['npm', 'pack', '--silent', `esbuild-linux-64@${version}`], options);
    await mustRun(['tar', '-xf', stdout.trim()], options);
    const observed = await facts(join(directory, 'package/bin/esbuild'));
    expect(observed).toMatchObject({
      elf: { stripped: true },
      go: { format: 'pointers', version: { text: go, experiments: [] } },
      native: { state: 'absent' },
      boring: { state: 'not-found' },
    });
    expect(observed.go?.module.path).toBe('github.com/evanw/esbuild/cmd/esbuild');
    expect(concludeModule(observed)).toMatchObject({ backend: 'standard', module: { state: 'none' } });
  });
});
