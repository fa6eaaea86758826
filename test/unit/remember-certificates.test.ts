import { rememberCertificates } from '@sealwatch/collector/store/remember-certificates.js';
import type { Store } from '@sealwatch/collector/store/store.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moment, newCertificate } from '../fakes/store-records.js';
import { type TestStore, testStore } from '../fakes/test-store.js';

const HOST = 'node-1';
const certificate = newCertificate(HOST, 'host-tls', '01');
const revocation = { host: HOST, at: moment(2), reason: 'lost', by: 'alice' };

let opened: TestStore;
let asked: string[];
/** What the store behind is held back by: before it revokes, and after it has read. */
let gate: Promise<void>;
let store: Store;

beforeEach(async () => {
  opened = await testStore();
  asked = [];
  gate = Promise.resolve();
  const behind = opened.store;
  const watched: Store = {
    ...behind,
    revokeHost: async (given) => {
      await gate;
      return behind.revokeHost(given);
    },
    certificateByKeyid: async (keyid) => {
      asked.push(keyid);
      const record = await behind.certificateByKeyid(keyid);
      await gate;
      return record;
    },
  };
  store = rememberCertificates(watched, 2);
  await behind.addToken({ hash: 'h1', host: HOST, createdAt: moment(0), expiresAt: moment(60), replace: false });
  await behind.enroll({ tokenHash: 'h1', at: moment(1), certificates: [certificate] });
});
afterEach(() => opened.dispose());

describe('a store that remembers certificates', () => {
  it('looks each up once', async () => {
    const first = await store.certificateByKeyid(certificate.keyid);
    expect(first).toMatchObject({ name: HOST, revokedAt: null });
    expect(await store.certificateByKeyid(certificate.keyid)).toEqual(first);
    expect(asked).toEqual([certificate.keyid]);
  });

  it('says that one was ended as soon as the revocation stands', async () => {
    await store.certificateByKeyid(certificate.keyid);
    await store.revokeHost(revocation);
    expect(await store.certificateByKeyid(certificate.keyid)).toMatchObject({ revokedAt: moment(2) });
  });

  it('does not keep an answer that was under way during the revocation', async () => {
    let open = (): void => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const before = store.certificateByKeyid(certificate.keyid);
    await opened.store.pulse();
    gate = Promise.resolve();
    await store.revokeHost(revocation);
    open();
    expect(await before).toMatchObject({ revokedAt: null });
    expect(await store.certificateByKeyid(certificate.keyid)).toMatchObject({ revokedAt: moment(2) });
  });

  it('keeps no answer from before the revocation that was given while it waited', async () => {
    let open = (): void => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const revoking = store.revokeHost(revocation);
    gate = Promise.resolve();
    expect(await store.certificateByKeyid(certificate.keyid)).toMatchObject({ revokedAt: null });
    open();
    await revoking;
    expect(await store.certificateByKeyid(certificate.keyid)).toMatchObject({ revokedAt: moment(2) });
  });

  it('asks again after a change that failed, which may have been made all the same', async () => {
    await store.certificateByKeyid(certificate.keyid);
    await expect(store.revokeHost({ ...revocation, host: 'nobody' })).rejects.toMatchObject({ code: 'host.unknown' });
    await store.certificateByKeyid(certificate.keyid);
    expect(asked).toHaveLength(2);
  });

  it('says that one was ended by an enrolment that takes its place', async () => {
    await store.certificateByKeyid(certificate.keyid);
    await store.addToken({ hash: 'h2', host: HOST, createdAt: moment(2), expiresAt: moment(60), replace: true });
    const newer = newCertificate(HOST, 'host-tls', '02');
    await store.enroll({ tokenHash: 'h2', at: moment(3), certificates: [newer] });
    expect(await store.certificateByKeyid(certificate.keyid)).toMatchObject({ revokedAt: moment(3) });
    expect(await store.certificateByKeyid(newer.keyid)).toMatchObject({ revokedAt: null, epoch: 2 });
  });

  it('remembers no key that it does not know, so that one certified later is found', async () => {
    const later = newCertificate('alice', 'operator-tls', '03');
    expect(await store.certificateByKeyid(later.keyid)).toBeUndefined();
    // behind its back: not even then
    await opened.store.recordCertificates([later]);
    expect(await store.certificateByKeyid(later.keyid)).toMatchObject({ name: 'alice' });
  });

  it('keeps no more than it may', async () => {
    const others = ['04', '05', '06'].map((serial) => newCertificate(`operator-${serial}`, 'operator-tls', serial));
    await store.recordCertificates(others);
    for (const { keyid } of [...others, ...others]) await store.certificateByKeyid(keyid);
    expect(asked.length).toBeGreaterThan(others.length);
  });
});
