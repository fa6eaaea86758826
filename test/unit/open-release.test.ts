import { type Envelope, PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import { parsePublicKey, publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { openInception, type VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import { openRelease } from '@sealwatch/shared/trust/open-release.js';
import type { Release } from '@sealwatch/shared/trust/release.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { TestAuthority } from '../fakes/test-authority.js';
import { TestPublisher } from '../fakes/test-publisher.js';

const authority = new TestAuthority();
const clusterKey = parsePublicKey(authority.rootPem, 'root');
const publisher = new TestPublisher();
const { keyid } = parsePublicKey(publisher.publicPem, 'publisher');

let inceptionEnvelope: Envelope;
let inception: VerifiedInception;
let manifest: Envelope;
beforeAll(async () => {
  inceptionEnvelope = await authority.inception();
  inception = openInception(inceptionEnvelope, clusterKey);
  manifest = await publisher.manifest([
    { name: 'kubelet', paths: ['/usr/bin/kubelet'], bytes: Buffer.from('kubelet') },
  ]);
});

type Changes = Partial<Omit<Release, 'schema' | 'clusterId' | 'policy'>>;

/** Signed by the true cluster key: what is refused here is refused for what it says. */
async function open(changes: Changes = {}, manifests: readonly Envelope[] = [manifest]): Promise<string> {
  const release = await authority.release(inceptionEnvelope, {
    version: 1,
    hosts: [{ name: 'host-a', role: 'worker' }],
    operators: [],
    publisherKeys: [{ keyid, pem: publisher.publicPem, revoked: null }],
    manifests: [{ digest: sha256(manifest.payload), from: timestamp(0), until: null }],
    ...changes,
  });
  try {
    openRelease({ release, manifests }, { clusterKey, inception });
    return 'opened';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe('a release under the cluster key', () => {
  it('opens with the manifests it names', async () => {
    expect(await open()).toBe('opened');
  });

  it('is refused without a manifest it names', async () => {
    expect(await open({}, [])).toBe('manifest.unknown');
  });

  it('counts no manifest of a publisher key that was revoked', async () => {
    const revoked = { at: timestamp(0), compromisedAt: null };
    const publisherKeys = [{ keyid, pem: publisher.publicPem, revoked }];
    expect(await open({ publisherKeys })).toBe('envelope.unknown-key');
  });

  it('is refused if a publisher key goes under the id of another', async () => {
    const publisherKeys = [{ keyid: 'ab'.repeat(32), pem: publisher.publicPem, revoked: null }];
    expect(await open({ publisherKeys })).toBe('release.malformed');
  });

  it('is refused if it is of another inception', async () => {
    expect(await open({ inception: `sha256:${'ab'.repeat(32)}` })).toBe('inception.mismatch');
  });

  it('is refused if it says two things of one name', async () => {
    const host = { name: 'host-a', role: 'worker' } as const;
    expect(await open({ hosts: [host, { ...host, role: 'control-plane' }] })).toBe('release.malformed');
    const operator = { name: 'root', role: 'viewer' } as const;
    expect(await open({ operators: [operator, { ...operator, role: 'admin' }] })).toBe('release.malformed');
    const entry = { digest: sha256(manifest.payload), from: timestamp(0), until: null };
    expect(await open({ manifests: [entry, entry] })).toBe('release.malformed');
  });
});

it('an inception record that names another key than the one that signed it is refused', async () => {
  const { privateKey, publicKey } = generateP256();
  const envelope = await signEnvelope(PAYLOAD_TYPES.inception, inception.inception, keySigner(privateKey));
  expect(() => openInception(envelope, publicKeyOf(publicKey))).toThrow(
    expect.objectContaining({ code: 'inception.mismatch' }) as Error,
  );
});
