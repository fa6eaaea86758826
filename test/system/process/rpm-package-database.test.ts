import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rpmPackageDatabase } from '@sealwatch/agent/measure/process/rpm-package-database.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RpmRoot } from '../../fakes/rpm-root.js';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/libm.so.6';

let rpm: RpmRoot;
let signer: string | null;
beforeAll(async () => {
  rpm = new RpmRoot();
  signer = await rpm.install(LIBRARY, true);
  // as on a host where /lib64 is a link into /usr
  mkdirSync(join(rpm.root, 'usr/lib64'));
  renameSync(join(rpm.root, 'lib64/libvictim.so.1'), join(rpm.root, 'usr/lib64/libvictim.so.1'));
  rmSync(join(rpm.root, 'lib64'), { recursive: true });
  symlinkSync('usr/lib64', join(rpm.root, 'lib64'));
  writeFileSync(join(rpm.root, 'usr/lib64/libforeign.so'), 'x');
});
afterAll(() => {
  rpm.remove();
});

describe('the RPM database of a host', () => {
  it.each(['/lib64/libvictim.so.1', '/usr/lib64/libvictim.so.1'])(
    'knows the owner of %s, its digest and who signed the package',
    async (path) => {
      expect(signer).toMatch(/^[0-9a-f]{16}$/);
      expect(await rpmPackageDatabase({ hostRoot: rpm.root }).ownerOf(Buffer.from(path))).toEqual({
        state: 'owned',
        name: 'victim-1:1.2-3.noarch',
        digest: sha256(readFileSync(LIBRARY)),
        signer,
      });
    },
  );

  it.each(['/usr/lib64/libforeign.so', '/usr/lib64/missing.so'])('knows no owner of %s', async (path) => {
    expect(await rpmPackageDatabase({ hostRoot: rpm.root }).ownerOf(Buffer.from(path))).toEqual({ state: 'unowned' });
  });

  it('is asked once for all files of a package', async () => {
    const counting = join(rpm.root, 'counting');
    const runs = join(rpm.root, 'runs');
    writeFileSync(counting, `#!/bin/sh\necho >> ${runs}\nexec /usr/bin/rpm "$@"\n`, { mode: 0o755 });
    const database = rpmPackageDatabase({ hostRoot: rpm.root, program: counting });
    for (const path of ['/usr/lib64/libvictim.so.1', '/usr/share/a file', '/lib64/libvictim.so.1']) {
      expect((await database.ownerOf(Buffer.from(path))).state).toBe('owned');
    }
    expect(readFileSync(runs, 'utf8')).toBe('\n');
  });

  it('is none where there is none', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'sealwatch-no-rpm-'));
    expect(await rpmPackageDatabase({ hostRoot: empty }).ownerOf(Buffer.from('/x'))).toEqual({ state: 'no-database' });
    rmSync(empty, { recursive: true });
  });

  it('that is damaged is unreadable, never an owner', async () => {
    const damaged = mkdtempSync(join(tmpdir(), 'sealwatch-bad-rpm-'));
    mkdirSync(join(damaged, 'var/lib/rpm'), { recursive: true });
    writeFileSync(join(damaged, 'var/lib/rpm/rpmdb.sqlite'), 'no database at all, but long enough to be looked at');
    mkdirSync(join(damaged, 'usr'));
    writeFileSync(join(damaged, 'usr/x'), '');
    const answer = await rpmPackageDatabase({ hostRoot: damaged }).ownerOf(Buffer.from('/usr/x'));
    expect(answer.state).toBe('unreadable');
    rmSync(damaged, { recursive: true });
  });
});

it('a digest that was changed in the database is not believed', async () => {
  const forged = new RpmRoot();
  try {
    await forged.install(LIBRARY, true);
    const path = join(forged.root, 'var/lib/rpm/rpmdb.sqlite');
    const bytes = readFileSync(path);
    const digest = sha256(readFileSync(LIBRARY)).slice('sha256:'.length);
    const at = bytes.indexOf(digest);
    expect(at).toBeGreaterThan(0);
    bytes.write('0'.repeat(64), at);
    writeFileSync(path, bytes);
    const answer = await rpmPackageDatabase({ hostRoot: forged.root }).ownerOf(Buffer.from('/lib64/libvictim.so.1'));
    expect(answer.state).toBe('unreadable');
  } finally {
    forged.remove();
  }
});

describe('a program in rpm’s place', () => {
  function program(script: string): string {
    const path = join(rpm.root, 'program');
    writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return path;
  }
  const ask = (script: string): Promise<unknown> =>
    rpmPackageDatabase({ hostRoot: rpm.root, program: program(script), timeoutMs: 500 }).ownerOf(Buffer.from('/x'));

  it.each([
    ['never ends', 'exec sleep 100', 'rpm did not end within 500 ms'],
    ['writes without end', 'exec yes', 'rpm wrote more than 16777216 bytes'],
    ['fails', 'exit 7', 'rpm ended with 7'],
    ['says nothing', 'exit 0', 'an answer of rpm that is none'],
    ['talks nonsense', 'echo nonsense', 'an answer of rpm that is none'],
    ['lists files of no package', "printf 'file\\t00\\t/x\\n'", 'an answer of rpm that is none'],
  ])('that %s gives no owner', async (_, script, reason) => {
    expect(await ask(script)).toEqual({ state: 'unreadable', reason });
  });

  it('ends with the scan, which gets no answer that could be signed', async () => {
    const scan = new AbortController();
    const packages = rpmPackageDatabase({ hostRoot: rpm.root, program: program('sleep 600'), signal: scan.signal });
    const ended = expect(packages.ownerOf(Buffer.from('/x'))).rejects.toMatchObject({ code: 'request.cancelled' });
    scan.abort();
    await ended;
  });

  it('that is not there gives no owner', async () => {
    const database = rpmPackageDatabase({ hostRoot: rpm.root, program: '/no/rpm' });
    expect(await database.ownerOf(Buffer.from('/x'))).toEqual({
      state: 'unreadable',
      reason: 'rpm can not be started (ENOENT)',
    });
  });

  it('has nothing in its environment', async () => {
    // what a shell adds by itself is PWD, and _ of the last command
    const left = await ask('env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD= >&2 && exit 9; exit 8');
    expect(left).toEqual({ state: 'unreadable', reason: 'rpm ended with 8' });
  });
});
