import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentProgram } from '@sealwatch/agent/cli/program.js';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { parseCheckDocument } from '@sealwatch/shared/check/check-json.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { envelopeToJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asNobody } from '../fakes/as-nobody.js';
import { type CapturedIo, capturedIo } from '../fakes/captured-io.js';
import { RhelTree } from '../fakes/rhel-tree.js';
import { type SignedFile, TestPublisher } from '../fakes/test-publisher.js';

const FILES: readonly SignedFile[] = ['kubeadm', 'kubelet', 'containerd', 'runc'].map((name) => ({
  name,
  paths: [`/usr/bin/${name}`, `/opt/bin/${name}`],
  bytes: randomBytes(200_000),
}));

let publisher: TestPublisher;
beforeAll(() => {
  publisher = new TestPublisher();
});

/** Manifest and publisher key on the operator's desk, and a host that is as it should be. */
let desk: string;
let tree: RhelTree;
beforeEach(async () => {
  desk = mkdtempSync(join(tmpdir(), 'sealwatch-desk-'));
  writeFileSync(join(desk, 'publisher.pub'), publisher.publicPem);
  await deskManifest();
  tree = new RhelTree(8);
  for (const { name, bytes } of FILES) tree.write(`/usr/bin/${name}`, bytes);
});
afterEach(() => {
  tree.remove();
  rmSync(desk, { recursive: true });
});

async function deskManifest(changes: Parameters<TestPublisher['manifest']>[1] = {}, by = publisher): Promise<void> {
  writeFileSync(join(desk, 'manifest.json'), envelopeToJson(await by.manifest(FILES, changes)));
}

interface Finished {
  readonly status: number;
  readonly io: CapturedIo;
}

async function agent(...args: string[]): Promise<Finished> {
  const io = capturedIo({ cwd: desk });
  return { status: await runProgram(agentProgram(io), args, io), io };
}

const GIVEN = ['--manifest', 'manifest.json', '--publisher-key', 'publisher.pub'];

function verify(...args: string[]): Promise<Finished> {
  return agent('verify', ...GIVEN, '--root', tree.root, ...args);
}

async function verifyJson(...args: string[]): Promise<{ status: number; result: CheckResult }> {
  const { status, io } = await verify('--output', 'json', ...args);
  return { status, result: parseCheckDocument(Buffer.from(io.stdout)) };
}

describe('a host that is as its publisher signed it', () => {
  it('passes, line for line as the seed prints it', async () => {
    const { status, io } = await verify();
    expect(io.stdout).toContain(
      [
        '/usr/bin/kubeadm [file] Signature Validated                            [OK]',
        '/usr/bin/kubelet [file] Signature Validated                            [OK]',
        '/usr/bin/containerd [file] Signature Validated                         [OK]',
        '/usr/bin/runc [file] Signature Validated                               [OK]',
        '',
        'Platform:',
        'Red Hat Enterprise Linux 8.10 [supported]                              [OK]',
        'FIPS mode enabled                                                      [OK]',
        '    fips_enabled: 1',
        '    kernel command line: fips=1',
        '    configured crypto policy: FIPS',
        '    applied crypto policy: FIPS',
        'FIPS settings, 6 of 6 HMACs match                                      [OK]',
      ].join('\n'),
    );
    expect(io.stdout).toContain('Cryptographic module integrity verification was successful\n');
    expect(io.stdout).not.toContain('/opt/bin');
    expect(io.stderr).toBe('');
    expect(status).toBe(0);
  });

  it('is told the same in JSON, with what the agent itself cost', async () => {
    const { status, result } = await verifyJson();
    expect(status).toBe(0);
    expect(result).toMatchObject({ verdict: 'compliant', release: null, demonstration: false, findings: [] });
    expect(result.hosts[0]?.accounting?.bytesRead).toBeGreaterThanOrEqual(4 * 200_000);
    expect(result.hosts[0]?.subjects.find(({ id }) => id === 'host:platform')?.platform).toMatchObject({
      system: { name: 'Red Hat Enterprise Linux 8.10', support: 'supported', generation: 8 },
      fips: { state: 'enabled' },
      cryptoPolicy: { configured: 'FIPS', applied: 'FIPS' },
    });
    expect(result.coverage).toMatchObject({ declared: 1, answered: 1, failing: [] });
  });

  it('passes with fewer components if only those are asked for', async () => {
    rmSync(tree.at('/usr/bin/kubeadm'));
    rmSync(tree.at('/usr/bin/runc'));
    expect((await verify()).status).toBe(1);
    expect((await verify('--component', 'kubelet', '--component', 'containerd')).status).toBe(0);
  });
});

describe('--as-of', () => {
  it('says for which day certificates were judged, and changes nothing else', async () => {
    const { status, io } = await verify('--as-of', '2026-09-01');
    expect(status).toBe(0);
    expect(io.stdout).toMatch(/^Certificates: .*as of 2026-09-01: everything else above is as of now$/m);
    expect((await verify()).io.stdout).not.toContain('Certificates:');
    expect((await verifyJson('--as-of', '2026-09-01')).result.certificates).toMatchObject({
      on: '2026-09-01',
      modules: [],
      sentences: [],
    });
  });
});

describe('a host that is not', () => {
  it('fails, and every failure is printed', async () => {
    appendFileSync(tree.at('/usr/bin/kubelet'), '!');
    rmSync(tree.at('/usr/bin/runc'));
    tree.leaveFipsMode();
    const { status, io } = await verify();
    expect(status).toBe(1);
    expect(io.stdout).toContain('/usr/bin/kubelet [file] Signature Invalid                              [FAIL]');
    expect(io.stdout).toContain('/usr/bin/runc [file] Missing                                           [FAIL]');
    expect(io.stdout).toContain('FIPS mode disabled                                                     [FAIL]');
    expect(io.stdout).toContain('/usr/bin/kubeadm [file] Signature Validated                            [OK]');
    expect(io.stdout).not.toContain('successful');
  });

  it.each<[string, () => void, string]>([
    ['a link', () => tree.write('/tmp/k', FILES[1]!.bytes).replace('/usr/bin/kubelet', '/tmp/k'), 'Redirected'],
    [
      'a FIFO',
      () => {
        fifo('/usr/bin/kubelet');
      },
      'Not A Regular File',
    ],
    ['a component swapped for another', () => tree.write('/usr/bin/kubelet', FILES[2]!.bytes), 'Signature Invalid'],
    ['a bad copy beside a good one', () => tree.write('/opt/bin/kubelet', 'bad'), 'Signature Invalid'],
  ])('fails for %s', async (_, change, statement) => {
    change();
    const { status, io } = await verify();
    expect(status).toBe(1);
    expect(io.stdout).toMatch(new RegExp(`bin/kubelet \\[file\\] ${statement} +\\[FAIL\\]`));
  });

  it('is not known where a file can not be read', async () => {
    for (const path of [tree.root, desk]) chmodSync(path, 0o755);
    chmodSync(tree.at('/usr/bin/kubelet'), 0);
    const { status, io } = await asNobody(() => verify());
    expect(status).toBe(1);
    expect(io.stdout).toContain('/usr/bin/kubelet [file] Unreadable                                     [UNKNOWN]');
    expect(io.stdout).toContain('found:    permission denied (EACCES)');
  });

  it('fails for a component that was asked for and never signed', async () => {
    const { status, result } = await verifyJson('--component', 'etcd');
    expect(status).toBe(1);
    const etcd = result.hosts[0]?.subjects.find(({ id }) => id === 'component:etcd');
    expect(etcd).toMatchObject({ label: 'etcd [file]', status: 'fail', findings: [{ code: 'component.unlisted' }] });
  });

  it('fails where the kernel has no FIPS mode, and only warns in a demonstration that says so first', async () => {
    tree.leaveFipsMode().osRelease({ ID: 'debian', VERSION_ID: '12', NAME: 'Debian', PRETTY_NAME: 'Debian 12' });
    expect((await verify()).status).toBe(1);
    const { status, io } = await verify('--allow-non-fips-host');
    expect(status).toBe(0);
    expect(io.stdout).toMatch(/^DEMONSTRATION POLICY/);
    expect(io.stdout).toMatch(/Debian 12 \[unsupported\] +\[WARN\]\n[^]*FIPS mode disabled +\[WARN\]/);
    appendFileSync(tree.at('/usr/bin/kubelet'), '!');
    expect((await verify('--allow-non-fips-host')).status).toBe(1);
  });

  it.each<[string, () => void, string, string]>([
    ['whose kernel alone left FIPS mode', () => tree.fips('0'), 'host.fips-inconsistent', 'CCE-80942-6'],
    [
      'on whose signs something is mounted',
      () => tree.mounts(['/proc', 'proc'], ['/proc/sys/crypto/fips_enabled', 'xfs', '/tmp/one', '253:0']),
      'host.facts-covered',
      'RHEL-08-010020',
    ],
    [
      'with a changed library',
      () => tree.write('/usr/lib64/libcrypto.so.1.1.1k', 'other code'),
      'host.hmac-mismatch',
      'HMAC-sha256',
    ],
  ])('fails, also in a demonstration: %s', async (_, change, code, name) => {
    change();
    const { status, io } = await verify('--allow-non-fips-host');
    expect(status).toBe(1);
    expect(io.stdout).toContain(`(${code})`);
    expect(io.stdout).toContain(name);
  });

  it('is no pass for a system whose like nobody knows, whatever else it says', async () => {
    tree.osRelease({ ID: 'arch', VERSION_ID: '1', NAME: 'Arch' });
    const { status, io } = await verify();
    expect(status).toBe(1);
    expect(io.stdout).toMatch(/Arch 1 \[unsupported\] +\[FAIL\]/);
  });

  it('never passes in standard mode', async () => {
    const { status, result } = await verifyJson('--mode', 'standard');
    expect(status).toBe(1);
    expect(result).toMatchObject({ verdict: 'noncompliant', findings: [{ code: 'cluster.standard-mode' }] });
  });
});

describe('the manifest', () => {
  it('that expired vouches for nothing', async () => {
    await deskManifest({ notAfter: timestamp(Date.now() - 1000) });
    const { status, io } = await verify();
    expect(status).toBe(1);
    expect(io.stdout).toContain('manifest.expired');
    expect(io.stdout).not.toContain('Signature Validated');
  });

  it('under another key, or changed, is refused before anything is measured', async () => {
    await deskManifest({}, new TestPublisher());
    expect(await verify()).toMatchObject({ status: 1, io: { stdout: '' } });
    const envelope = await publisher.manifest(FILES);
    const payload = Buffer.from(envelope.payload.toString('latin1').replace('test-1', 'test-2'), 'latin1');
    writeFileSync(join(desk, 'manifest.json'), envelopeToJson({ ...envelope, payload }));
    const { status, io } = await verify();
    expect(status).toBe(1);
    expect(io.stdout).toBe('');
    expect(io.stderr).toContain('does not hold');
  });
});

describe('wrong usage', () => {
  it.each<[string, string[], string]>([
    ['a manifest without its key', ['verify', '--manifest', 'manifest.json'], '--publisher-key'],
    ['a flag for manifests only', ['verify', '--component', 'kubelet'], '--manifest'],
    ['no enrolment and no manifest', ['verify', '--state-dir', '/nonexistent'], '--manifest FILE'],
    ['a manifest that is not there', ['verify', '--manifest', 'none', '--publisher-key', 'publisher.pub'], 'none'],
    ['a key that is none', ['verify', '--manifest', 'manifest.json', '--publisher-key', 'manifest.json'], 'public key'],
    ['a root that is not there', ['verify', ...GIVEN, '--root', '/nonexistent'], '/nonexistent'],
    ['a component that has no such name', ['verify', ...GIVEN, '--component', 'a/b'], 'a/b'],
    ['an unknown mode', ['verify', ...GIVEN, '--mode', 'strict'], 'strict'],
    ['a day that is none', ['verify', ...GIVEN, '--as-of', '2026-02-30'], '--as-of'],
    ['an unknown flag', ['verify', '--fast'], '--fast'],
  ])('exits 2 and names what to mend: %s', async (_, args, named) => {
    const { status, io } = await agent(...args);
    expect(status).toBe(2);
    expect(io.stderr).toContain(named);
    expect(io.stdout).toBe('');
  });

  it("says what to do when init's root can not be read", async () => {
    chmodSync(desk, 0o755);
    const { status, io } = await asNobody(() => agent('verify', ...GIVEN));
    expect(status).toBe(2);
    expect(io.stderr).toContain('or give --root /');
  });
});

it('stops when it is told to', async () => {
  const io = capturedIo({ cwd: desk });
  io.stop();
  expect(await runProgram(agentProgram(io), ['verify', ...GIVEN, '--root', tree.root], io)).toBe(1);
  expect(io.stdout).toBe('');
});

it('explains itself, with examples', async () => {
  const { status, io } = await agent('verify', '--help');
  expect(status).toBe(0);
  expect(io.stdout).toContain('Examples:');
});

function fifo(path: string): void {
  rmSync(tree.at(path));
  execFileSync('mkfifo', [tree.at(path)]);
}
