import { execFileSync } from 'node:child_process';
import { createPrivateKey, sign as cryptoSign } from 'node:crypto';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { envelopeToJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import type { FileComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import { manifestStatement } from '@sealwatch/shared/manifest/manifest-statement.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PublisherBench } from '../fakes/publisher-bench.js';

let bench: PublisherBench;
beforeAll(() => {
  bench = new PublisherBench();
  bench.key('other');
  bench.key('small', { bits: 2048 });
  execFileSync('mkfifo', [bench.path('fifo')]);
});
afterAll(() => {
  bench.remove();
});

beforeEach(async () => {
  bench.file('/usr/bin/kubelet', 'kubelet 1.19.7');
  bench.file('/usr/bin/runc', 'runc 1.0.0');
  const components = ['--component', 'kubelet=/usr/bin/kubelet', '--component', 'runc=/usr/bin/runc'];
  const validity = ['--not-before', '2026-01-01', '--not-after', '2030-01-01'];
  expect(await bench.create([...components, ...validity])).toMatchObject({ status: 0 });
});

/** Changes components behind the tool's back and seals the result again. */
async function forge(change: (components: FileComponent[]) => FileComponent[], sealer = 'publisher'): Promise<void> {
  const { predicate } = bench.statement();
  const manifest = { ...predicate, components: change(bench.files()) };
  const signer = keySigner(createPrivateKey(bench.read(`${sealer}.key`)));
  const envelope = await signEnvelope(PAYLOAD_TYPES.statement, manifestStatement(manifest), signer);
  writeFileSync(bench.path('manifest.json'), envelopeToJson(envelope));
}

function withSignatureOf(name: string, signature: (own: Buffer) => Buffer) {
  return (components: FileComponent[]): FileComponent[] =>
    components.map((component) =>
      component.name === name
        ? { ...component, signature: signature(Buffer.from(component.signature, 'base64')).toString('base64') }
        : component,
    );
}

function signedBy(key: string): () => Buffer {
  return () => cryptoSign('sha256', bench.read('rootfs/usr/bin/kubelet'), createPrivateKey(bench.read(`${key}.key`)));
}

describe('sealwatch manifest verify', () => {
  it('prints one line per component in the seed shape and exits 0', async () => {
    const { status, stdout, stderr } = await bench.verify();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.split('\n').filter((line) => line.endsWith('[OK]'));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe('/usr/bin/kubelet [file] Signature Validated                            [OK]');
    for (const line of lines) expect(line.indexOf('[OK]')).toBe(71);
  });

  it.each([
    ['a missing signature', withSignatureOf('kubelet', () => Buffer.alloc(0))],
    ['a truncated signature', withSignatureOf('kubelet', (own) => own.subarray(0, 511))],
    ['a lengthened signature', withSignatureOf('kubelet', (own) => Buffer.concat([Buffer.alloc(1), own]))],
    ['a signature by a foreign key', withSignatureOf('kubelet', () => signedBy('other')())],
    ['a 2048-bit signature', withSignatureOf('kubelet', () => signedBy('small')())],
  ])('exits 1 for %s and names the component', async (_, change) => {
    await forge(change);
    const { status, stderr } = await bench.verify();
    expect(status).toBe(1);
    expect(stderr).toContain('the signature of kubelet does not hold');
  });

  it('exits 1 for swapped signatures and names both components', async () => {
    await forge(([kubelet, runc]) => [
      { ...kubelet!, signature: runc!.signature },
      { ...runc!, signature: kubelet!.signature },
    ]);
    const { status, stderr } = await bench.verify();
    expect(status).toBe(1);
    expect(stderr).toContain('the signature of kubelet, runc does not hold');
  });

  it('exits 1 for a digest that was changed together with the file', async () => {
    bench.file('/usr/bin/kubelet', 'evil');
    expect(await bench.create(['--component', 'kubelet=/usr/bin/kubelet'], ['--unsigned'])).toMatchObject({
      status: 0,
    });
    const draft = JSON.parse(bench.read('manifest.json').toString()) as ReturnType<typeof bench.statement>;
    bench.file('/usr/bin/kubelet', 'kubelet 1.19.7');
    await bench.create(['--component', 'kubelet=/usr/bin/kubelet']);
    await forge(([kubelet]) => [{ ...kubelet!, digest: draft.predicate.components[0]!.digest }]);
    expect(await bench.verify()).toMatchObject({ status: 1 });
  });

  it('exits 1 for a seal by a key that is not the pinned one', async () => {
    await forge((components) => components, 'other');
    const { status, stderr } = await bench.verify();
    expect(status).toBe(1);
    expect(stderr).toContain('which is no key trusted for this');
  });

  it('exits 1 for one changed byte of the payload', async () => {
    const envelope = bench.envelope();
    const payload = Buffer.from(envelope.payload.toString('utf8').replace('konvoy-1.7.0', 'konvoy-1.7.1'));
    bench.write('manifest.json', envelopeToJson({ ...envelope, payload }));
    const { status, stderr } = await bench.verify();
    expect(status).toBe(1);
    expect(stderr).toMatch(/the signature by key [0-9a-f]{16} does not hold/);
  });

  it.each([
    ['expired', '2030-01-01', 'manifest.expired'],
    ['not valid yet', '2025-12-31T23:59:59Z', 'manifest.not-yet-valid'],
  ])('exits 1 for a manifest that is %s, and still compares the files', async (_, at, code) => {
    const { status, stdout } = await bench.verify('--at', at);
    expect(status).toBe(1);
    expect(stdout).toContain(code);
    expect(stdout).toContain('/usr/bin/kubelet [file] Signature Validated');
  });

  it('accepts the last millisecond', async () => {
    expect(await bench.verify('--at', '2029-12-31T23:59:59.999Z')).toMatchObject({ status: 0 });
  });

  it('exits 1 for a changed, a missing and a redirected file, naming each', async () => {
    bench.file('/usr/bin/kubelet', 'kubelet 1.19.8');
    rmSync(bench.path('rootfs/usr/bin/runc'));
    const both = await bench.verify();
    expect(both.status).toBe(1);
    expect(both.stdout).toMatch(/^\/usr\/bin\/kubelet \[file\] Signature Invalid {5,}\[FAIL\]$/m);
    expect(both.stdout).toMatch(/^\/usr\/bin\/runc \[file\] Missing {5,}\[FAIL\]$/m);
    bench.file('/opt/runc', 'runc 1.0.0');
    symlinkSync('/opt/runc', bench.path('rootfs/usr/bin/runc'));
    bench.file('/usr/bin/kubelet', 'kubelet 1.19.7');
    const redirected = await bench.verify();
    expect(redirected.status).toBe(1);
    expect(redirected.stdout).toContain('file.redirected');
    rmSync(bench.path('rootfs/usr/bin/runc'));
  });

  it('prints the same facts as JSON', async () => {
    bench.file('/usr/bin/runc', 'changed');
    const { status, stdout } = await bench.verify('--output', 'json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'sealwatch/manifest-verify/v1',
      passes: false,
      manifest: { id: 'konvoy-1.7.0' },
      components: [{ status: 'ok' }, { status: 'fail', findings: [{ code: 'file.digest-mismatch' }] }],
    });
  });

  it.each([
    ['a pinned key of 2048 bits', ['verify', 'manifest.json', '--publisher-key', 'small.pub']],
    ['a pinned key that is missing', ['verify', 'manifest.json', '--publisher-key', 'none.pub']],
    ['a manifest that is missing', ['verify', 'none.json', '--publisher-key', 'publisher.pub']],
    ['a directory for a manifest', ['verify', 'rootfs', '--publisher-key', 'publisher.pub']],
    ['a FIFO for a manifest', ['verify', 'fifo', '--publisher-key', 'publisher.pub']],
    ['no pinned key', ['verify', 'manifest.json']],
  ])('exits 2 for %s', async (_, args) => {
    const { status, stderr } = await bench.run(args);
    expect(status).toBe(2);
    expect(stderr).not.toBe('');
  });

  it('refuses a pinned key with exponent 3', async () => {
    bench.key('cubic', { exponent: 3 });
    const { status, stderr } = await bench.run(['verify', 'manifest.json', '--publisher-key', 'cubic.pub']);
    expect(status).toBe(2);
    expect(stderr).toContain('public exponent 3');
  });
});

describe('sealwatch manifest show', () => {
  it('prints a manifest without believing it', async () => {
    await forge((components) => components, 'other');
    const { status, stdout } = await bench.run(['show', 'manifest.json']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^NOT VERIFIED\n/);
    expect(stdout).toContain('/usr/bin/kubelet');
    const json = await bench.run(['show', 'manifest.json', '--output', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ verified: false, manifest: { id: 'konvoy-1.7.0' } });
  });

  it('prints names from outside escaped', async () => {
    await forge(([kubelet]) => [{ ...kubelet!, paths: ['/usr/\u001b[2Jkubelet\n[OK]'] }]);
    const { stdout } = await bench.run(['show', 'manifest.json']);
    expect(stdout).toContain('/usr/\\x1b[2Jkubelet\\x0a[OK]');
  });
});

describe('sealwatch manifest sign', () => {
  const components = ['--component', 'kubelet=/usr/bin/kubelet'];

  it('seals a reviewed draft', async () => {
    expect(await bench.create([...components, '--out', 'draft.json'], ['--unsigned'])).toMatchObject({ status: 0 });
    const shown = await bench.run(['show', 'draft.json']);
    expect(shown.stdout).toContain('none, this is a draft');
    expect(shown.stdout).toContain('not signed');
    expect(await bench.run(['verify', 'draft.json', '--publisher-key', 'publisher.pub'])).toMatchObject({ status: 1 });
    const signed = await bench.run([
      'sign',
      'draft.json',
      '--key',
      'publisher.key',
      '--out',
      'manifest.json',
      '--force',
    ]);
    expect(signed).toMatchObject({ status: 0, stderr: '' });
    expect(await bench.verify()).toMatchObject({ status: 0 });
  });

  it('moves a sealed manifest to a new publisher key, only if the old seal holds', async () => {
    const move = ['sign', 'manifest.json', '--key', 'other.key', '--out', 'moved.json', '--force'];
    expect(await bench.run(move)).toMatchObject({ status: 2 });
    expect(await bench.run([...move, '--sealed-by', 'other.pub'])).toMatchObject({ status: 1 });
    expect(await bench.run([...move, '--sealed-by', 'publisher.pub'])).toMatchObject({ status: 0 });
    const verify = ['verify', 'moved.json', '--root', 'rootfs', '--publisher-key'];
    expect(await bench.run([...verify, 'other.pub'])).toMatchObject({ status: 0 });
    expect(await bench.run([...verify, 'publisher.pub'])).toMatchObject({ status: 1 });
  });
});
