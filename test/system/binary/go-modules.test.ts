import { createHmac } from 'node:crypto';
import { copyFileSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentProgram } from '@sealwatch/agent/cli/program.js';
import type { BinaryFacts, BinaryObservation } from '@sealwatch/shared/binary/binary-facts.js';
import { concludeModule } from '@sealwatch/shared/binary/conclude-module.js';
import { bufferSource } from '@sealwatch/shared/binary/elf/buffer-source.js';
import { readElf } from '@sealwatch/shared/binary/elf/elf-file.js';
import { imageOfFile } from '@sealwatch/shared/binary/elf/program-image.js';
import { type LocatorEvidence, locateBoringModule } from '@sealwatch/shared/binary/module/locate-boring-module.js';
import type { ModuleConclusion } from '@sealwatch/shared/binary/module-conclusion.js';
import { observeFile } from '@sealwatch/shared/binary/observe-file.js';
import { observeProcess } from '@sealwatch/shared/binary/observe-process.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { capturedIo } from '../../fakes/captured-io.js';
import { Daemon } from '../../fakes/daemon.js';
import { flipByte } from '../../fakes/flip-byte.js';
import { GO_BUILDS, type GoBuildName, GoBinaries } from '../../fakes/go-binaries.js';
import { fileOffset, flipInProcess } from '../../fakes/load-address.js';
import { runCommand } from '../../fakes/run-command.js';
import { waitUntil } from '../../fakes/wait-until.js';

const binaries = new GoBinaries();
const daemons: Daemon[] = [];

beforeAll(async () => {
  for (const name of Object.keys(GO_BUILDS) as GoBuildName[]) await binaries.build(name);
}, 900_000);
afterEach(async () => {
  await Promise.all(daemons.splice(0).map((daemon) => daemon.kill()));
});
afterAll(() => {
  binaries.dispose();
});

function factsOf(observation: BinaryObservation): BinaryFacts {
  if (observation.state !== 'program') throw new Error(JSON.stringify(observation));
  return observation.facts;
}

async function facts(path: string): Promise<BinaryFacts> {
  return factsOf(await observeFile(path));
}

async function concluded(path: string): Promise<ModuleConclusion> {
  return concludeModule(await facts(path));
}

async function started(path: string, env: NodeJS.ProcessEnv = {}): Promise<Daemon> {
  const daemon = new Daemon([path, 'wait'], { env });
  daemons.push(daemon);
  await waitUntil('the program runs', () => daemon.output.includes('started'), { explain: () => daemon.output });
  return daemon;
}

/** A copy with one byte of its module changed, and where. */
async function flipped(
  name: GoBuildName,
  as: string,
): Promise<{ path: string; located: BinaryFacts['boring'] & { state: 'found' } }> {
  const { boring } = await facts(binaries.path(name));
  if (boring.state !== 'found') throw new Error(`${name}: no module`);
  const path = join(binaries.directory, as);
  copyFileSync(binaries.path(name), path);
  flipByte(path, await fileOffset(path, boring.address + 4000));
  return { path, located: boring };
}

const BORING: GoBuildName[] = ['boring', 'fipsonly', 'stripped', 'pie', 'stripped pie', 'static'];

describe('Go 1.19 with BoringCrypto', () => {
  it.each(BORING)('%s: has the known build of certificate 3678', async (name) => {
    const conclusion = await concluded(binaries.path(name));
    expect(conclusion).toMatchObject({
      backend: 'boringcrypto',
      integrity: 'whole',
      module: { state: 'known', by: 'bytes', certificates: ['3678'] },
      approvedMode: { state: 'always' },
      tlsRestricted: name === 'fipsonly' ? 'yes' : 'no',
    });
  });

  it('is found by symbols where there are some, and by its known hash where not', async () => {
    const by = await Promise.all(BORING.map(async (name) => (await facts(binaries.path(name))).boring));
    expect(by.map((boring) => boring.state === 'found' && boring.by)).toEqual([
      ...['symbols', 'symbols', 'known-hash'],
      ...['symbols', 'known-hash', 'known-hash'],
    ]);
  });

  it.each(BORING)('%s: is found at the same place, with the same hash, if nobody knew this build', async (name) => {
    const source = bufferSource(readFileSync(binaries.path(name)));
    const image = imageOfFile(source, (await readElf(source))!);
    const evidence: LocatorEvidence = { symbols: new Map(), scan: { signatures: new Set(), knownHashes: [] } };
    const { boring } = await facts(binaries.path(name));
    expect(await locateBoringModule(image, evidence)).toEqual({ ...boring, by: 'self-test' });
  });

  it.each(BORING)('%s: is corrupt after one changed byte, and says so when it is started', async (name) => {
    const { path } = await flipped(name, 'flipped');
    expect(await concluded(path)).toMatchObject({
      backend: 'boringcrypto',
      integrity: 'corrupt',
      module: { state: 'corrupt' },
    });
    const run = await runCommand([path]);
    expect(run.stderr).toContain('FIPS integrity test failed');
    expect(run.status).not.toBe(0);
  });

  it.each(BORING)('%s: changed and given a new hash runs, and is no known build any more', async (name) => {
    const { path, located } = await flipped(name, 'reinjected');
    const bytes = readFileSync(path);
    const start = await fileOffset(path, located.address);
    const hash = createHmac('sha512', Buffer.alloc(64))
      .update(bytes.subarray(start, start + located.length))
      .digest();
    hash.copy(bytes, bytes.indexOf(Buffer.from(located.hash, 'hex')));
    writeFileSync(path, bytes);
    expect((await runCommand([path])).stdout).toContain('started');
    const module = { hash: hash.toString('hex'), length: located.length };
    expect(await concluded(path)).toMatchObject({ integrity: 'whole', module: { state: 'unknown-build', ...module } });
    const declared = [{ ...module, by: 'somebody' }];
    expect(concludeModule(await facts(path), { declared }).module).toMatchObject({ state: 'declared', by: 'somebody' });
  });

  it.each(['liar', 'stripped liar'] as const)(
    '%s: has none when built without cgo, whatever its version says',
    async (name) => {
      expect(await concluded(binaries.path(name))).toMatchObject({
        backend: 'standard',
        integrity: 'no-module',
        module: { state: 'absent-although-claimed' },
        claims: ['version go1.19.8 X:boringcrypto', 'GOEXPERIMENT=boringcrypto'],
      });
    },
  );
});

describe('other Go programs', () => {
  it.each(['plain', 'plain 386', 'plain s390x', 'plain 1.24'] as const)(
    '%s: use no module and claim none',
    async (name) => {
      expect(await concluded(binaries.path(name))).toMatchObject({
        backend: 'standard',
        module: { state: 'none' },
        approvedMode: { state: 'none' },
        tlsRestricted: 'no',
        claims: [],
      });
    },
  );

  it('1.24 with BoringCrypto, stripped: has the known build of certificate 4735', async () => {
    expect((await concluded(binaries.path('boring 1.24'))).module).toMatchObject({
      state: 'known',
      certificates: ['4735'],
    });
  });
});

describe("Go's native module", () => {
  it.each(['native', 'native pie', 'native arm64'] as const)('%s: is on, whole, and known by name', async (name) => {
    const observed = await facts(binaries.path(name));
    expect(observed.native.state).toBe('consistent');
    expect(concludeModule(observed)).toMatchObject({
      backend: 'go-native',
      integrity: 'whole',
      module: { state: 'known', by: 'name', version: 'v1.0.0-c2097c7c' },
      approvedMode: { state: 'setting', fips140: 'on', from: 'binary' },
      tlsRestricted: 'yes',
    });
  });

  it('is there and whole in every program since Go 1.24, which means nothing', async () => {
    for (const name of ['plain 1.24', 'boring 1.24'] as const) {
      expect((await facts(binaries.path(name))).native.state).toBe('consistent');
    }
  });

  it.each(['native', 'native pie'] as const)('%s: is corrupt after one changed byte, and panics', async (name) => {
    const path = join(binaries.directory, 'native-flipped');
    copyFileSync(binaries.path(name), path);
    const { native } = await facts(path);
    if (native.state !== 'consistent') throw new Error(native.state);
    // the kept sum: any byte of the module would do, and might not run far enough to be checked
    flipByte(path, await fileOffset(path, native.address + 16));
    expect(await concluded(path)).toMatchObject({ integrity: 'corrupt', module: { state: 'corrupt' } });
    expect((await runCommand([path])).stderr).toContain('fips140: verification mismatch');
  });
});

describe('a running program', () => {
  const RUNNING: GoBuildName[] = ['boring', 'pie', 'stripped pie', 'static', 'native', 'native pie'];

  it.each(RUNNING)('%s: has in memory what its file has', async (name) => {
    const daemon = await started(binaries.path(name));
    const { path, observation } = await observeProcess(daemon.pid);
    expect(path).toBe(binaries.path(name));
    expect(factsOf(observation)).toEqual(await facts(binaries.path(name)));
  });

  it.each(RUNNING)(
    '%s: is corrupt once a byte of its module is changed in memory, though its file is whole',
    async (name) => {
      const daemon = await started(binaries.path(name));
      const { boring, native } = await facts(binaries.path(name));
      const at =
        boring.state === 'found' ? boring.address + 4000 : native.state === 'consistent' ? native.address + 20 : 0;
      await flipInProcess(daemon.pid, at);
      const { observation } = await observeProcess(daemon.pid);
      expect(concludeModule(factsOf(observation))).toMatchObject({
        integrity: 'corrupt',
        module: { state: 'corrupt' },
      });
      expect((await concluded(binaries.path(name))).integrity).toBe('whole');
      await flipInProcess(daemon.pid, at);
      expect(concludeModule(factsOf((await observeProcess(daemon.pid)).observation)).integrity).toBe('whole');
    },
  );

  it('is what runs, whatever stands at its path by now', async () => {
    const path = join(binaries.directory, 'replaced');
    copyFileSync(binaries.path('boring'), path);
    const daemon = await started(path);
    copyFileSync(binaries.path('plain'), `${path}.new`);
    renameSync(`${path}.new`, path);
    const running = await observeProcess(daemon.pid);
    expect(running.path).toBe(`${path} (deleted)`);
    expect(concludeModule(factsOf(running.observation)).backend).toBe('boringcrypto');
    expect((await concluded(path)).backend).toBe('standard');
    unlinkSync(path);
  });

  it('that ended, or is the kernel, is unreadable', async () => {
    const daemon = await started(binaries.path('boring'));
    const { pid } = daemon;
    await daemon.kill();
    expect((await observeProcess(pid)).observation).toMatchObject({ state: 'unreadable' });
    expect((await observeProcess(2)).observation).toMatchObject({ state: 'unreadable' });
  });

  it('of another user can not be read by nobody', async () => {
    const daemon = await started(binaries.path('boring'));
    const script = `import('${join(import.meta.dirname, '../../../shared/dist/binary/observe-process.js')}').then(async (m) => console.log(JSON.stringify(await m.observeProcess(${String(daemon.pid)}))))`;
    const run = await runCommand([
      'setpriv',
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      process.execPath,
      '-e',
      script,
    ]);
    expect(run.stdout).toContain('permission denied');
  });

  it('is inspected by its number', async () => {
    const daemon = await started(binaries.path('stripped pie'));
    const io = capturedIo();
    expect(await runProgram(agentProgram(io), ['inspect', String(daemon.pid)], io)).toBe(0);
    expect(io.stdout).toContain(`Process: ${String(daemon.pid)}, running ${binaries.path('stripped pie')}\n`);
    expect(io.stdout).toContain('Certificate: CMVP #3678\n');
    expect(io.stdout).toContain('the bytes in memory');
  });
});
