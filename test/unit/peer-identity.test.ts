import { callGate } from '@sealwatch/collector/api/call-gate.js';
import { type IdentifyPeer, identifyPeer } from '@sealwatch/collector/api/peer-identity.js';
import type { CertificateRecord } from '@sealwatch/collector/store/enrollment-store.js';
import { RateLimit } from '@sealwatch/shared/runtime/rate-limit.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { identityUri } from '@sealwatch/shared/trust/identity.js';
import { issueCertificate } from '@sealwatch/shared/x509/issue-certificate.js';
import { type Certificate, readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { TestClock } from '../fakes/test-clock.js';

const CLUSTER = 'c0ffee00'.repeat(4);
const WEEK = 7 * 86_400_000;

let clock: TestClock;
let certificate: Certificate;
let record: CertificateRecord | undefined;
let deps: IdentifyPeer;
beforeEach(() => {
  clock = new TestClock();
  certificate = hostCertificate();
  record = recordOf(certificate);
  deps = { clusterId: CLUSTER, clock, store: { certificateByKeyid: () => Promise.resolve(record) } };
});

function hostCertificate(clusterId = CLUSTER): Certificate {
  const { privateKey, publicKey } = generateP256();
  const der = issueCertificate({
    profile: 'host-tls',
    commonName: 'alpha',
    publicKey,
    notBefore: new Date(clock.wall()),
    notAfter: new Date(clock.wall() + WEEK),
    uri: identityUri({ clusterId, kind: 'host', name: 'alpha' }),
    issuer: { selfSigned: privateKey },
  });
  return readCertificate(der, 'test');
}

function recordOf({ serial, der, publicKey, notBefore, notAfter }: Certificate): CertificateRecord {
  return {
    serial,
    der,
    purpose: 'host-tls',
    name: 'alpha',
    epoch: 3,
    keyid: publicKey.keyid,
    notBefore: timestamp(notBefore),
    notAfter: timestamp(notAfter),
    revokedAt: null,
  };
}

describe('who calls', () => {
  it('is who the certificate names, in the epoch it was certified in', async () => {
    expect(await identifyPeer(certificate, deps)).toMatchObject({ kind: 'host', name: 'alpha', epoch: 3 });
  });

  it.each<[string, (was: CertificateRecord) => CertificateRecord | undefined]>([
    ['was certified for nothing here', () => undefined],
    ['was certified for signing reports', (was) => ({ ...was, purpose: 'host-signing' })],
    ['was certified for an operator', (was) => ({ ...was, purpose: 'operator-tls' })],
    ['was certified for another name', (was) => ({ ...was, name: 'beta' })],
  ])('is nobody whose key %s', async (_, changed) => {
    record = record && changed(record);
    await expect(identifyPeer(certificate, deps)).rejects.toMatchObject({ code: 'certificate.rejected' });
  });

  it('is nobody of another cluster', async () => {
    const stranger = hostCertificate('f'.repeat(32));
    record = recordOf(stranger);
    await expect(identifyPeer(stranger, deps)).rejects.toMatchObject({ code: 'identity.forbidden' });
  });
});

describe('whoever got through is asked again, and is turned away', () => {
  const recheck = async (): Promise<void> => {
    const calls = new RateLimit({ rate: { burst: 9, perSecond: 9 }, monotonic: () => clock.monotonic() });
    const gate = callGate({ ...deps, calls });
    await gate.recheck({ kind: 'host', name: 'alpha', epoch: 3, keyid: certificate.publicKey.keyid, certificate });
  };

  it('not before something changed', async () => {
    clock.advance(WEEK - 1000);
    await expect(recheck()).resolves.toBeUndefined();
  });

  it('when the certificate has ended', async () => {
    clock.advance(WEEK + 1000);
    await expect(recheck()).rejects.toMatchObject({ code: 'certificate.rejected' });
  });

  it('when it was revoked', async () => {
    record = record && { ...record, revokedAt: timestamp(clock.wall()) };
    await expect(recheck()).rejects.toMatchObject({ code: 'host.revoked' });
  });
});
