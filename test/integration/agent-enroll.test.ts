import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { loadEnrolledRelease } from '@sealwatch/agent/state/load-enrolled-release.js';
import { openStateDir } from '@sealwatch/agent/state/open-state-dir.js';
import { ENROLLMENT_ROOMS, statePaths } from '@sealwatch/agent/state/state-paths.js';
import { parsePrivateKey } from '@sealwatch/shared/signing/key-file-signer.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import type { EnrollmentBundle } from '@sealwatch/shared/trust/enrollment-bundle.js';
import { certificatesFromPem } from '@sealwatch/shared/x509/pem.js';
import { readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import { verifyChain } from '@sealwatch/shared/x509/verify-chain.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AgentDesk } from '../fakes/enrolled-agent.js';
import { RunningCollector } from '../fakes/running-collector.js';
import { TestAuthority } from '../fakes/test-authority.js';

let collector: RunningCollector;
beforeAll(async () => {
  collector = await RunningCollector.start({ hosts: Array.from({ length: 20 }, (_, i) => `host-${String(i)}`) });
});
afterAll(() => collector.dispose());

let desk: AgentDesk;
let host: string;
let count = 0;
beforeEach(() => {
  desk = new AgentDesk();
  host = `host-${String(count++)}`;
});
afterEach(() => {
  desk.dispose();
});

const at = (...path: string[]): string => join(desk.stateDir, ...path);

describe('enrolling', () => {
  it('makes two keys here, has them certified and keeps everything private', async () => {
    const bundle = desk.bundle(collector, await collector.createToken(host));
    const { status, io } = await desk.run('enroll', '--bundle', bundle, '--output', 'json');
    expect(io.stderr).toBe('');
    expect(status).toBe(0);
    expect(JSON.parse(io.stdout)).toMatchObject({ schema: 'sealwatch/agent-enrolled/v1', host, epoch: 1 });

    const root = readCertificate(collector.authority.rootPem, 'root');
    for (const [purpose, profile] of [
      ['signing', 'host-signing'],
      ['tls', 'host-tls'],
    ] as const) {
      const chain = certificatesFromPem(readFileSync(at('identity', `${purpose}.pem`), 'latin1'), purpose);
      const leaf = verifyChain({ chain, root, at: Date.now(), profile });
      expect(leaf.uris).toEqual([`spiffe://${collector.authority.clusterId}/host/${host}`]);
      const key = parsePrivateKey(readFileSync(at('identity', `${purpose}.key`)), purpose);
      expect(leaf.publicKey.keyid).toBe(publicKeyOf(key).keyid);
    }
    for (const path of readdirSync(desk.stateDir, { recursive: true, withFileTypes: true })) {
      const mode = statSync(join(path.parentPath, path.name)).mode & 0o777;
      expect([path.name, mode]).toEqual([path.name, path.isDirectory() ? 0o700 : 0o600]);
    }
    expect(existsSync(at('enrolled.next'))).toBe(false);
    expect(existsSync(at('enrolled.draft'))).toBe(false);

    const held = await loadEnrolledRelease(desk.stateDir);
    expect(held).toMatchObject({ host, release: { release: { version: 1 } } });
  });

  it('works in pieces as well as with a bundle', async () => {
    writeFileSync(join(desk.directory, 'root.pem'), collector.authority.rootPem);
    const { status, io } = await desk.run(
      ...['enroll', '--token', await collector.createToken(host), '--root', 'root.pem'],
      ...['--address', collector.address, '--enroll-address', collector.enrollAddress],
    );
    expect(io.stderr).toBe('');
    expect(status).toBe(0);
    expect(io.stdout).toContain(`Enrolled as ${host} (epoch 1)`);
  });

  it.each([
    ['nothing', []],
    ['half of it', ['--token', 'x']],
    ['both', ['--bundle', 'bundle.json', '--token', 'x']],
  ])('with %s is wrong usage', async (_, args) => {
    const { status, io } = await desk.run('enroll', ...args);
    expect([status, io.stderr]).toEqual([2, expect.stringContaining('give either --bundle, or all of')]);
  });

  it('sends the token to nobody whose root it does not name', async () => {
    const stranger = new TestAuthority();
    const bundle = desk.bundle(collector, await collector.createToken(host), { root: stranger.rootPem });
    const { status, io } = await desk.run('enroll', '--bundle', bundle);
    expect([status, io.stderr]).toEqual([1, expect.stringContaining('is not the root that the token names')]);
    expect(existsSync(at('trust'))).toBe(false);
  });

  it('can be tried again after a refusal, which leaves nothing behind that counts', async () => {
    const token = await collector.createToken(host);
    const bundle = desk.bundle(collector, token, { enrollAddress: '127.0.0.1:1' });
    const refused = await desk.run('enroll', '--bundle', bundle);
    expect(refused.status).toBe(3);
    expect((await desk.run('status')).status).toBe(2);
    expect((await desk.run('enroll', '--bundle', desk.bundle(collector, token))).status).toBe(0);
    const thief = new AgentDesk();
    const used = await thief.run('enroll', '--bundle', thief.bundle(collector, token));
    thief.dispose();
    expect([used.status, used.io.stderr]).toEqual([2, expect.stringContaining('was used')]);
  });

  it('refuses a state directory that others can look into', async () => {
    mkdirSync(desk.stateDir, { mode: 0o700 });
    chmodSync(desk.stateDir, 0o755);
    const bundle = desk.bundle(collector, await collector.createToken(host));
    const { status, io } = await desk.run('enroll', '--bundle', bundle);
    expect([status, io.stderr]).toEqual([2, expect.stringMatching(/mode 0755.*chmod 700/)]);
  });
});

describe('a host that is enrolled', () => {
  beforeEach(() => desk.enroll(collector, host));

  async function replaceToken(changes: Partial<EnrollmentBundle> = {}): Promise<string> {
    return desk.bundle(collector, await collector.createToken(host, { replace: true }), changes);
  }

  it('is not enrolled again by mistake, and its token is not used up', async () => {
    const bundle = await replaceToken();
    const { status, io } = await desk.run('enroll', '--bundle', bundle);
    expect([status, io.stderr]).toEqual([1, expect.stringMatching(/is enrolled as .* give --replace/)]);
    expect((await desk.run('enroll', '--bundle', bundle, '--replace')).status).toBe(0);
  });

  it('keeps its old enrolment when that is replaced, and its old one in use when replacing fails', async () => {
    const oldKey = readFileSync(at('identity', 'signing.key'), 'utf8');
    writeFileSync(at('outbox', '0000000001.report'), 'not delivered', { mode: 0o600 });
    const failing = await replaceToken({ enrollAddress: '127.0.0.1:1' });
    expect((await desk.run('enroll', '--bundle', failing, '--replace')).status).toBe(3);
    expect(readFileSync(at('identity', 'signing.key'), 'utf8')).toBe(oldKey);

    const { status, io } = await desk.run('enroll', '--bundle', await replaceToken(), '--replace');
    expect(io.stderr).toBe('');
    expect(status).toBe(0);
    expect((await desk.status()).enrollment.epoch).toBe(2);
    const [aside = ''] = readdirSync(at('replaced'));
    expect(aside).toMatch(/^before-.*-epoch-2$/);
    expect(readFileSync(at('replaced', aside, 'identity', 'signing.key'), 'utf8')).toBe(oldKey);
    expect(existsSync(at('replaced', aside, 'outbox', '0000000001.report'))).toBe(true);
    expect(existsSync(at('outbox', '0000000001.report'))).toBe(false);
  });

  it('is the old or the new one, whole, wherever a crash interrupts the replacing', async () => {
    const before = `${desk.stateDir}.before`;
    cpSync(desk.stateDir, before, { recursive: true });
    expect((await desk.run('enroll', '--bundle', await replaceToken(), '--replace')).status).toBe(0);
    const after = `${desk.stateDir}.after`;
    renameSync(desk.stateDir, after);
    const [aside = ''] = readdirSync(join(after, 'replaced'));
    // the moves that finishing makes, in order; a crash can come after any of them
    const moves = ENROLLMENT_ROOMS.flatMap((room) => [
      [at(room), at('replaced', aside, room)] as const,
      [at('enrolled.next', room), at(room)] as const,
    ]);
    for (let done = 0; done <= moves.length; done++) {
      rmSync(desk.stateDir, { recursive: true, force: true });
      cpSync(before, desk.stateDir, { recursive: true });
      for (const room of ENROLLMENT_ROOMS) cpSync(join(after, room), at('enrolled.next', room), { recursive: true });
      if (done > 0) mkdirSync(at('replaced', aside), { recursive: true, mode: 0o700 });
      for (const [from, to] of moves.slice(0, done)) renameSync(from, to);
      privateAgain(desk.stateDir);

      await (await openStateDir(statePaths(desk.stateDir))).release();
      expect((await desk.status()).enrollment.epoch, `after ${String(done)} moves`).toBe(2);
      expect(readdirSync(at('replaced'))).toEqual([aside]);
      expect(readdirSync(at('replaced', aside)).sort()).toEqual([...ENROLLMENT_ROOMS]);
      expect(existsSync(at('enrolled.next'))).toBe(false);
    }
    rmSync(before, { recursive: true });
    rmSync(after, { recursive: true });
  });

  it('stays what it was if a crash came before everything was written', async () => {
    mkdirSync(at('enrolled.draft', 'trust'), { recursive: true, mode: 0o700 });
    await (await openStateDir(statePaths(desk.stateDir))).release();
    expect((await desk.status()).enrollment.epoch).toBe(1);
    expect((await desk.run('enroll', '--bundle', await replaceToken(), '--replace')).status).toBe(0);
    expect(existsSync(at('enrolled.draft'))).toBe(false);
  });
});

/** Copies come with the umask's rights. */
function privateAgain(directory: string): void {
  chmodSync(directory, 0o700);
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600);
  }
}
