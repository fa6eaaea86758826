import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReleaseStore } from '@sealwatch/agent/state/release-store.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { parsePublicKey } from '@sealwatch/shared/signing/public-key.js';
import { openInception } from '@sealwatch/shared/trust/open-inception.js';
import type { ReleaseBundle } from '@sealwatch/shared/trust/open-release.js';
import { readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestAuthority } from '../fakes/test-authority.js';
import { TestPublisher } from '../fakes/test-publisher.js';

const authority = new TestAuthority();
const clusterKey = readCertificate(authority.rootPem, 'root').publicKey;
let publisher: TestPublisher;
beforeAll(() => {
  publisher = new TestPublisher();
});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-release-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

async function bundle(version: number, by = authority, id = 'test-1'): Promise<ReleaseBundle> {
  const pem = publisher.publicPem;
  const file = { name: 'kubelet', paths: ['/usr/bin/kubelet'], bytes: Buffer.from('kubelet') };
  const manifest = await publisher.manifest([file], { id });
  const release = await by.release(await inception, {
    version,
    hosts: [{ name: 'host-a', role: 'worker' }],
    operators: [],
    publisherKeys: [{ keyid: parsePublicKey(pem, 'publisher').keyid, pem, revoked: null }],
    manifests: [{ digest: sha256(manifest.payload), from: timestamp(0), until: null }],
  });
  return { release, manifests: [manifest] };
}

const inception = authority.inception();

async function store(): Promise<ReleaseStore> {
  const opened = new ReleaseStore({
    directory,
    trust: { clusterKey, inception: openInception(await inception, clusterKey) },
  });
  await opened.load();
  return opened;
}

const inForce = (of: ReleaseStore): number | undefined => of.current()?.release.version;

describe("an agent's release", () => {
  it('is none at first, then what was accepted, and the same after a restart with its manifests verified', async () => {
    const first = await store();
    expect(inForce(first)).toBeUndefined();
    expect(await first.accept(await bundle(1))).toBe(true);
    const again = await store();
    expect(inForce(again)).toBe(1);
    expect(again.current()?.manifests.map(({ manifest }) => manifest.id)).toEqual(['test-1']);
    expect(again.current()?.digest).toBe(first.current()?.digest);
  });

  it('is not accepted twice, and never an older one, nor another of the same version', async () => {
    const held = await store();
    const second = await bundle(2);
    expect(await held.accept(second)).toBe(true);
    expect(await held.accept(second)).toBe(false);
    for (const older of [await bundle(1), await bundle(2, authority, 'other')]) {
      await expect(held.accept(older)).rejects.toMatchObject({ code: 'release.rollback' });
      await expect((await store()).accept(older)).rejects.toMatchObject({ code: 'release.rollback' });
    }
    expect(inForce(held)).toBe(2);
  });

  it('is refused if somebody put an older, genuine one back on the disk', async () => {
    const held = await store();
    await held.accept(await bundle(1));
    const files = new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name))]));
    await held.accept(await bundle(2));
    for (const [name, bytes] of files) {
      if (name !== 'highest.json') writeFileSync(join(directory, name), bytes, { mode: 0o600 });
    }
    await expect(store()).rejects.toMatchObject({ code: 'release.rollback' });
  });

  it('is refused from anybody but the cluster key, and the old one stays in force', async () => {
    const held = await store();
    await held.accept(await bundle(1));
    await expect(held.accept(await bundle(2, new TestAuthority()))).rejects.toMatchObject({
      code: 'envelope.unknown-key',
    });
    expect(inForce(held)).toBe(1);
    expect(inForce(await store())).toBe(1);
  });

  it('keeps only the manifests it names', async () => {
    const held = await store();
    await held.accept(await bundle(1));
    await held.accept(await bundle(2, authority, 'newer'));
    expect(readdirSync(directory).filter((name) => name.endsWith('.manifest.dsse.json'))).toHaveLength(1);
    expect((await store()).current()?.manifests[0]?.manifest.id).toBe('newer');
  });

  it('is the old one whole if a crash came before the new one was written', async () => {
    const held = await store();
    await held.accept(await bundle(1));
    const release = readFileSync(join(directory, 'release.dsse.json'));
    const highest = readFileSync(join(directory, 'highest.json'));
    const old = readdirSync(directory).filter((name) => name.endsWith('.manifest.dsse.json'));
    const kept = old.map((name) => [name, readFileSync(join(directory, name))] as const);
    await held.accept(await bundle(2, authority, 'newer'));
    // as after a crash between the manifests and the release: both manifests, the old release and mark
    writeFileSync(join(directory, 'release.dsse.json'), release, { mode: 0o600 });
    writeFileSync(join(directory, 'highest.json'), highest, { mode: 0o600 });
    for (const [name, bytes] of kept) writeFileSync(join(directory, name), bytes, { mode: 0o600 });
    expect(inForce(await store())).toBe(1);
  });
});
