import { expect, it } from 'vitest';
import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { ReleaseRecord } from '@sealwatch/collector/store/release-store.js';
import { anyEnvelope, moment } from '../fakes/store-records.js';
import type { TestStore } from '../fakes/test-store.js';
import { openedStore } from './opened-store.js';

export function storeReleaseContract(open: () => Promise<TestStore>): void {
  const store = openedStore(open);

  it('takes one inception record in its life', async () => {
    const envelope = anyEnvelope(PAYLOAD_TYPES.inception, '{"mode":"fips"}');
    const record = { digest: sha256(envelope.payload), envelope };
    expect(await store.now().inception()).toBeUndefined();
    await store.now().recordInception({ ...record, at: moment(0) });
    await store.now().recordInception({ ...record, at: moment(1) });
    const other = anyEnvelope(PAYLOAD_TYPES.inception, '{"mode":"standard"}');
    const second = store.now().recordInception({ digest: sha256(other.payload), envelope: other, at: moment(2) });
    await expect(second).rejects.toMatchObject({ code: 'inception.mismatch' });
    expect(await (await store.restarted()).inception()).toStrictEqual(record);
  });

  it('keeps manifests by digest', async () => {
    const envelope = manifest('one');
    const digest = sha256(envelope.payload);
    expect(await store.now().manifest(digest)).toBeUndefined();
    await store.now().putManifest({ digest, envelope, at: moment(0) });
    await store.now().putManifest({ digest, envelope, at: moment(1) });
    expect(await store.now().manifest(digest)).toStrictEqual(envelope);
  });

  it('puts a release in force, with its manifests in their order', async () => {
    const record = release(1, ['zebra', 'ape']);
    expect(await store.now().currentRelease()).toBeUndefined();
    await store.now().recordRelease(record);
    expect(await store.now().currentRelease()).toStrictEqual(record);
    const [zebra] = record.bundle.manifests;
    expect(await store.now().manifest(sha256(zebra!.payload))).toStrictEqual(zebra);
  });

  it('never goes back, and takes the same release twice', async () => {
    const [three, five] = [release(3, ['one']), release(5, ['one', 'two'])];
    await store.now().recordRelease(three);
    await store.now().recordRelease(five);
    await store.now().recordRelease(three);
    for (const version of [1, 3, 4, 5]) {
      const back = store.now().recordRelease(release(version, ['other']));
      await expect(back).rejects.toMatchObject({ code: 'release.rollback' });
    }
    const reopened = await store.restarted();
    expect(await reopened.currentRelease()).toStrictEqual(five);
    expect(await reopened.release(three.digest)).toStrictEqual(three);
    expect(await reopened.release(sha256(Buffer.from('none')))).toBeUndefined();
    expect(await reopened.manifest(sha256(manifest('other').payload))).toBeUndefined();
  });
}

function manifest(id: string) {
  return anyEnvelope(PAYLOAD_TYPES.statement, JSON.stringify({ predicate: { id } }));
}

function release(version: number, manifests: string[]): ReleaseRecord {
  const envelope = anyEnvelope(PAYLOAD_TYPES.release, JSON.stringify({ version, manifests }));
  const bundle = { release: envelope, manifests: manifests.map(manifest) };
  return { version, digest: sha256(envelope.payload), bundle, publishedAt: moment(version) };
}
