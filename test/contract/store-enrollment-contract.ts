import { expect, it } from 'vitest';
import type { CertificateRecord } from '@sealwatch/collector/store/enrollment-store.js';
import type { Store } from '@sealwatch/collector/store/store.js';
import { moment, newCertificate, reportRecord } from '../fakes/store-records.js';
import type { TestStore } from '../fakes/test-store.js';
import { openedStore } from './opened-store.js';

const HOST = 'node-1';

export function storeEnrollmentContract(open: () => Promise<TestStore>): void {
  const store = openedStore(open);

  it('keeps a token, and the first of two with one hash', async () => {
    const token = { hash: 'h1', host: HOST, createdAt: moment(0), expiresAt: moment(60), replace: true };
    await store.now().addToken(token);
    await store.now().addToken({ ...token, host: 'node-2' });
    expect(await store.now().token('h1')).toEqual({ ...token, usedAt: null });
    expect(await store.now().token('h2')).toBeUndefined();
  });

  it('enrols a host once per token', async () => {
    await addToken(store.now(), 'h1', 0);
    expect(await enroll(store.now(), 'h1', 1)).toEqual({ host: HOST, epoch: 1, previousHead: null });
    expect((await store.now().token('h1'))?.usedAt).toBe(moment(1));
    expect(await store.now().hosts()).toEqual([{ name: HOST, epoch: 1, enrolledAt: moment(1), revokedAt: null }]);
    await expect(enroll(store.now(), 'h1', 2)).rejects.toMatchObject({ code: 'token.used' });
  });

  it('lets exactly one of many who hold a token enrol', async () => {
    await addToken(store.now(), 'h1', 0, { replace: true });
    const tries = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => enroll(store.now(), 'h1', i + 1)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await store.now().certificatesOf(['host-signing', 'host-tls'], HOST)).length).toBe(2);
  });

  it.each([
    ['unknown', 'nobody-made-it', 1, 'token.invalid'],
    ['expired', 'h1', 61, 'token.expired'],
    ['just expired', 'h1', 60, 'token.expired'],
  ])('refuses a token that is %s', async (_, hash, minute, code) => {
    await addToken(store.now(), 'h1', 0);
    await expect(enroll(store.now(), hash, minute)).rejects.toMatchObject({ code });
    expect(await store.now().hosts()).toEqual([]);
  });

  it('keeps nothing of an enrolment with a certificate of another host', async () => {
    await addToken(store.now(), 'h1', 0);
    const certificates = [newCertificate(HOST, 'host-tls', '01'), newCertificate('node-2', 'host-signing', '02')];
    const enrollment = store.now().enroll({ tokenHash: 'h1', at: moment(1), certificates });
    await expect(enrollment).rejects.toMatchObject({ code: 'host.mismatch' });
    expect((await store.now().token('h1'))?.usedAt).toBeNull();
    expect(await store.now().certificatesOf(['host-tls'], HOST)).toEqual([]);
    expect(await store.now().hosts()).toEqual([]);
  });

  it('takes back an enrolment that fails halfway, and nothing that was asked at the same time', async () => {
    await store.now().recordCertificates([newCertificate('alice', 'operator-tls', 'taken')]);
    await addToken(store.now(), 'h1', 0);
    const certificates = [newCertificate(HOST, 'host-tls', '01'), newCertificate(HOST, 'host-signing', 'taken')];
    const [refused, , stood] = await Promise.allSettled([
      store.now().enroll({ tokenHash: 'h1', at: moment(1), certificates }),
      store.now().recordReport(reportRecord()),
      addToken(store.now(), 'h2', 1),
    ]);
    expect([refused.status, stood.status]).toEqual(['rejected', 'fulfilled']);
    expect((await store.now().token('h1'))?.usedAt).toBeNull();
    expect(await store.now().token('h2')).toBeDefined();
    expect(await store.now().certificatesOf(['host-tls'], HOST)).toEqual([]);
    expect(await store.now().hosts()).toEqual([]);
    expect((await store.now().history(HOST, { size: 9, cursor: '' })).items.map(({ kind }) => kind)).toEqual([
      'report',
    ]);
  });

  it('replaces a living enrolment only with a token made for that', async () => {
    await addToken(store.now(), 'h1', 0);
    await enroll(store.now(), 'h1', 1);
    const report = reportRecord();
    await store.now().recordReport(report);
    await addToken(store.now(), 'h2', 2);
    await expect(enroll(store.now(), 'h2', 3)).rejects.toMatchObject({ code: 'host.already-enrolled' });
    expect((await store.now().token('h2'))?.usedAt).toBeNull();

    await addToken(store.now(), 'h3', 4, { replace: true });
    expect(await enroll(store.now(), 'h3', 5)).toEqual({ host: HOST, epoch: 2, previousHead: report.head });
    const all = await store.now().certificatesOf(['host-signing', 'host-tls'], HOST);
    expect(all.map(({ epoch, revokedAt }) => [epoch, revokedAt])).toEqual([
      [1, moment(5)],
      [1, moment(5)],
      [2, null],
      [2, null],
    ]);
  });

  it('revokes a host once, with all its certificates', async () => {
    await addToken(store.now(), 'h1', 0);
    await enroll(store.now(), 'h1', 1);
    const revocation = { host: HOST, at: moment(9), reason: 'stolen', by: 'alice' };
    expect(await store.now().revokeHost(revocation)).toBe(2);
    expect(await store.now().revokeHost({ ...revocation, at: moment(10) })).toBe(0);
    expect(await store.now().hosts()).toEqual([{ name: HOST, epoch: 1, enrolledAt: moment(1), revokedAt: moment(9) }]);
    await expect(store.now().revokeHost({ ...revocation, host: 'node-2' })).rejects.toMatchObject({
      code: 'host.unknown',
    });
  });

  it('enrols a revoked host with any token made after the revocation and none made before', async () => {
    await addToken(store.now(), 'h1', 0);
    await enroll(store.now(), 'h1', 1);
    await addToken(store.now(), 'lying about', 2, { replace: true });
    await store.now().revokeHost({ host: HOST, at: moment(9), reason: 'stolen', by: 'alice' });
    await expect(enroll(store.now(), 'lying about', 10)).rejects.toMatchObject({ code: 'token.invalid' });
    await addToken(store.now(), 'new', 11);
    expect(await enroll(store.now(), 'new', 12)).toMatchObject({ epoch: 2 });
    expect(await store.now().hosts()).toMatchObject([{ epoch: 2, revokedAt: null }]);
  });

  it('renews within the enrolment, each renewal once', async () => {
    await addToken(store.now(), 'h1', 0);
    await enroll(store.now(), 'h1', 1);
    const renewal = { host: HOST, epoch: 1, nonce: 'n1', at: moment(5), certificates: [tls('10')] };
    await store.now().renew(renewal);
    expect(await store.now().certificatesOf(['host-tls'], HOST)).toHaveLength(2);
    const again = store.now().renew({ ...renewal, certificates: [tls('11')] });
    await expect(again).rejects.toMatchObject({ code: 'token.used' });
    expect(await store.now().certificatesOf(['host-tls'], HOST)).toHaveLength(2);
  });

  it.each([
    ['an unknown host', { host: 'node-2' }, 'host.unknown'],
    ['an enrolment yet to come', { epoch: 3 }, 'host.unknown'],
    ['a replaced enrolment', { epoch: 1 }, 'host.revoked'],
    ['a certificate of another host', { certificates: [newCertificate('node-2', 'host-tls', '20')] }, 'host.mismatch'],
  ])('renews nothing for %s', async (_, wrong, code) => {
    await addToken(store.now(), 'h1', 0);
    await enroll(store.now(), 'h1', 1);
    await addToken(store.now(), 'h2', 2, { replace: true });
    await enroll(store.now(), 'h2', 3);
    const renewal = { host: HOST, epoch: 2, nonce: 'n1', at: moment(5), certificates: [tls('10')], ...wrong };
    await expect(store.now().renew(renewal)).rejects.toMatchObject({ code });
    expect(await store.now().certificatesOf(['host-tls'], HOST)).toHaveLength(2);
  });

  it('renews nothing for a revoked host', async () => {
    await addToken(store.now(), 'h1', 0);
    await enroll(store.now(), 'h1', 1);
    await store.now().revokeHost({ host: HOST, at: moment(2), reason: 'stolen', by: 'alice' });
    const renewal = store.now().renew({ host: HOST, epoch: 1, nonce: 'n', at: moment(3), certificates: [tls('10')] });
    await expect(renewal).rejects.toMatchObject({ code: 'host.revoked' });
  });

  it('keeps the certificates of the collector and of operators, each serial once', async () => {
    const certificate = newCertificate('alice', 'operator-tls', 'ab');
    await store.now().recordCertificates([certificate, newCertificate('main', 'collector-tls', 'cd')]);
    await store.now().recordCertificates([{ ...certificate, name: 'mallory' }]);
    const kept: CertificateRecord = { ...certificate, epoch: 0, revokedAt: null };
    expect(await store.now().certificateByKeyid(certificate.keyid)).toStrictEqual(kept);
    expect(await store.now().certificatesOf(['operator-tls', 'host-tls'], 'alice')).toStrictEqual([kept]);
    expect(await store.now().certificatesOf(['collector-tls'], 'alice')).toEqual([]);
    expect(await store.now().certificateByKeyid('00')).toBeUndefined();
  });

  it('knows a key that was certified twice by its newest certificate', async () => {
    await addToken(store.now(), 'h1', 0);
    await store.now().enroll({ tokenHash: 'h1', at: moment(1), certificates: [{ ...tls('01'), keyid: 'k' }] });
    await addToken(store.now(), 'h2', 2, { replace: true });
    await store.now().enroll({ tokenHash: 'h2', at: moment(3), certificates: [{ ...tls('02'), keyid: 'k' }] });
    expect(await store.now().certificateByKeyid('k')).toMatchObject({ serial: '02', epoch: 2, revokedAt: null });
  });
}

function tls(serial: string) {
  return newCertificate(HOST, 'host-tls', serial);
}

function addToken(store: Store, hash: string, minute: number, options = { replace: false }): Promise<void> {
  return store.addToken({ hash, host: HOST, createdAt: moment(minute), expiresAt: moment(minute + 60), ...options });
}

function enroll(store: Store, tokenHash: string, minute: number) {
  const certificates = (['host-signing', 'host-tls'] as const).map((purpose) =>
    newCertificate(HOST, purpose, `${purpose}-${tokenHash}-${String(minute)}`),
  );
  return store.enroll({ tokenHash, at: moment(minute), certificates });
}
