import { generateKeyPairSync, sign } from 'node:crypto';
import { type Envelope, PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { Manifest, ManifestStatement } from '@sealwatch/shared/manifest/manifest.js';
import type { FileComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import { manifestStatement } from '@sealwatch/shared/manifest/manifest-statement.js';
import { openManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { describe, expect, it } from 'vitest';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 4096 });
const signer = keySigner(privateKey);
const key = publicKeyOf(publicKey);

function component(name: string, paths: readonly string[] = [`/usr/bin/${name}`]): FileComponent {
  const bytes = Buffer.from(`the signed ${name}`);
  const signature = sign('sha256', bytes, privateKey).toString('base64');
  return { kind: 'file', name, paths, digest: sha256(bytes), size: String(bytes.length), signature };
}

function manifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    schema: 'sealwatch/manifest/v1',
    id: 'test-1',
    notBefore: '2026-11-01T00:00:00.000Z',
    notAfter: '2027-11-01T00:00:00.000Z',
    operatingSystems: [],
    kubernetesVersion: null,
    components: [component('kubelet'), component('runc')],
    ...changes,
  };
}

/** Sealed by the true publisher: what is refused here is refused for what it says, not for who says it. */
const seal = (statement: ManifestStatement): Promise<Envelope> =>
  signEnvelope(PAYLOAD_TYPES.statement, statement, signer);
const open = (envelope: Envelope): unknown => openManifest(envelope, [key], 'the manifest');

describe('a manifest under the publisher’s seal', () => {
  it('opens when it says one thing', async () => {
    expect(open(await seal(manifestStatement(manifest())))).toMatchObject({ manifest: { id: 'test-1' } });
  });

  it.each<[string, ManifestStatement]>([
    ['lists a component twice', manifestStatement(manifest({ components: [component('a'), component('a', ['/b'])] }))],
    [
      'lists a path for two components',
      manifestStatement(manifest({ components: [component('a', ['/x']), component('b', ['/x'])] })),
    ],
    ['ends before it begins', manifestStatement(manifest({ notAfter: '2026-11-01T00:00:00.000Z' }))],
    ['tells in-toto’s tools another digest', { ...manifestStatement(manifest()), subject: [] }],
    ['has no component', manifestStatement(manifest({ components: [] }))],
  ])('is refused if it %s', async (_, statement) => {
    const envelope = await seal(statement);
    expect(() => open(envelope)).toThrow(expect.objectContaining({ code: 'manifest.malformed' }) as Error);
  });

  it.each<[string, (good: FileComponent) => FileComponent]>([
    ['another file’s signature', (good) => ({ ...good, signature: component('other').signature })],
    ['another digest', (good) => ({ ...good, digest: sha256(Buffer.from('evil')) })],
    ['no signature', (good) => ({ ...good, signature: '' })],
    [
      'a signature that lost its last byte',
      (good) => ({ ...good, signature: Buffer.from(good.signature, 'base64').subarray(0, 511).toString('base64') }),
    ],
  ])('is refused if a component has %s', async (_, bad) => {
    const envelope = await seal(manifestStatement(manifest({ components: [component('a'), bad(component('b'))] })));
    expect(() => open(envelope)).toThrow(expect.objectContaining({ code: 'manifest.bad-signature' }) as Error);
  });
});
