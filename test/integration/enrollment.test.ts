import { X509Certificate } from 'node:crypto';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { formatToken, newToken } from '@sealwatch/shared/trust/enrollment-token.js';
import { fromEnvelope } from '@sealwatch/shared/wire/envelope-wire.js';
import type { ListHistoryResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListHistoryResponse.js';
import type { RenewResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/RenewResponse.js';
import { createCsr } from '@sealwatch/shared/x509/create-csr.js';
import { readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import { verifyChain } from '@sealwatch/shared/x509/verify-chain.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EnrolledHost, enrollHost, enrollWith, hostKeys, renewalBy } from '../fakes/enrolling-host.js';
import { answer, RunningCollector } from '../fakes/running-collector.js';
import { HELLO, TalkingAgent } from '../fakes/talking-agent.js';
import { TestAuthority } from '../fakes/test-authority.js';
import { TestClock } from '../fakes/test-clock.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let clock: TestClock;
let running: RunningCollector;

beforeEach(async () => {
  clock = new TestClock(timestamp(Date.now()));
  running = await RunningCollector.start({ hosts: ['host-a', 'host-b'], clock });
});

afterEach(async () => {
  await running.dispose();
});

async function alarmsOf(host: string): Promise<string[]> {
  const { entries } = await answer<ListHistoryResponse>((done) => running.query('vera').listHistory({ host }, done));
  return entries.filter(({ kind }) => kind === 'alarm').flatMap(({ details }) => details);
}

describe('a token and two keys become a host', () => {
  it('with names from the token alone, two certificates under the root, and what is in force', async () => {
    const { response, signingKey, tlsKey } = await enrollWith(
      running,
      await running.createToken('host-a'),
      hostKeys(),
      'spiffe://evil/operator/root',
    );
    expect(response).toMatchObject({ host: 'host-a', epoch: 1, previousHead: null });
    expect(response.inception?.payload).toEqual(running.inception.payload);
    expect(response.update?.release?.payloadType).toContain('release');
    const root = readCertificate(running.authority.rootDer, 'root');
    const at = Date.now();
    const signing = verifyChain({ chain: response.signingChain, root, at, profile: 'host-signing' });
    const tls = verifyChain({ chain: response.tlsChain, root, at, profile: 'host-tls' });
    for (const [certificate, key] of [
      [signing, signingKey],
      [tls, tlsKey],
    ] as const) {
      expect(certificate.uris).toEqual([`spiffe://${running.authority.clusterId}/host/host-a`]);
      expect(new X509Certificate(certificate.der).checkPrivateKey(key)).toBe(true);
    }
    expect(Math.round((tls.notAfter - at) / DAY_MS)).toBe(7);
    expect(Math.round((signing.notAfter - at) / DAY_MS)).toBe(365);
  });

  it('which the mutual listener lets in', async () => {
    const host = await enrollHost(running);
    const agent = new TalkingAgent(running.agent(host.identity));
    agent.say(HELLO);
    await agent.hears('welcome');
    agent.hangUp();
  });

  it('once: the second to come with the token is refused, and it is an alarm for ever', async () => {
    const token = await running.createToken('host-a');
    await enrollWith(running, token);
    await expect(enrollWith(running, token)).rejects.toMatchObject({ code: 'token.used' });
    expect((await alarmsOf('host-a')).join()).toContain('token.used');
  });

  it('once, also when two come at the same moment', async () => {
    const token = await running.createToken('host-a');
    const outcomes = await Promise.allSettled([enrollWith(running, token), enrollWith(running, token)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('no host is made', () => {
  it('with a token whose time is over', async () => {
    const token = await running.createToken('host-a', { ttlSeconds: 60 });
    clock.advance(60_000);
    await expect(enrollWith(running, token)).rejects.toMatchObject({ code: 'token.expired' });
    expect((await alarmsOf('host-a')).join()).toContain('token.expired');
  });

  it('with a token of another cluster, or one nobody gave out', async () => {
    const other = new TestAuthority({ clusterId: 'd2'.repeat(16) });
    for (const { clusterId, rootKeyid } of [other, running.authority]) {
      const token = formatToken(newToken({ clusterId, rootKeyid, host: 'host-a' }));
      await expect(enrollWith(running, token)).rejects.toMatchObject({ code: 'token.invalid' });
    }
    expect(await alarmsOf('host-a')).toEqual([]);
    expect(await alarmsOf('')).toHaveLength(2);
  });

  it('for a host that is no longer declared', async () => {
    const token = await running.createToken('host-b');
    await running.publish(2, ['host-a']);
    await expect(enrollWith(running, token)).rejects.toMatchObject({ code: 'host.undeclared' });
  });

  it('with one key for both purposes, or a key that has a certificate', async () => {
    const token = await running.createToken('host-a');
    const { signingKey, tlsKey } = hostKeys();
    await expect(enrollWith(running, token, { signingKey, tlsKey: signingKey })).rejects.toMatchObject({
      code: 'key.invalid',
    });
    await enrollWith(running, token, { signingKey, tlsKey });
    const next = await running.createToken('host-b');
    await expect(enrollWith(running, next, { ...hostKeys(), tlsKey })).rejects.toMatchObject({ code: 'key.invalid' });
  });

  it('from a request that is none', async () => {
    const token = await running.createToken('host-a');
    const refused = answer((done) =>
      running.enrollment().enroll({ token, signingCsr: Buffer.from('x'), tlsCsr: Buffer.from('y') }, done),
    );
    await expect(refused).rejects.toMatchObject({ code: 'certificate.malformed' });
    await expect(enrollWith(running, token)).resolves.toBeDefined();
  });

  it('in the place of one that is enrolled, unless its token says so; then the old one ends', async () => {
    const old = await enrollHost(running);
    const agent = new TalkingAgent(running.agent(old.identity));
    agent.say(HELLO);
    await agent.hears('welcome');
    await expect(running.createToken('host-a')).rejects.toMatchObject({ code: 'host.already-enrolled' });
    const token = await running.createToken('host-a', { replace: true });
    expect((await enrollWith(running, token)).response.epoch).toBe(2);
    expect(await agent.ended).toMatchObject({ code: 'host.revoked' });
  });
});

describe('tokens', () => {
  it('live for an hour at most, and only for declared hosts', async () => {
    await expect(running.createToken('host-a', { ttlSeconds: 3601 })).rejects.toMatchObject({ code: 'usage.invalid' });
    await expect(running.createToken('host-z')).rejects.toMatchObject({ code: 'host.undeclared' });
  });
});

describe('a renewal', () => {
  let host: EnrolledHost;

  beforeEach(async () => {
    host = await enrollHost(running);
  });

  const now = (): { clusterId: string; at: string } => ({
    clusterId: running.authority.clusterId,
    at: timestamp(clock.wall()),
  });
  const renew = (envelope: Envelope): Promise<RenewResponse> =>
    answer<RenewResponse>((done) => running.enrollment().renew({ envelope: fromEnvelope(envelope) }, done));

  it('gives a new TLS certificate, and a signing certificate only if asked', async () => {
    const first = await renew(await renewalBy(host.signingKey, now()));
    expect(first.signingChain).toEqual([]);
    expect(readCertificate(first.tlsChain[0]!, 'tls').uris).toEqual([
      `spiffe://${running.authority.clusterId}/host/host-a`,
    ]);
    const next = generateP256().privateKey;
    const signingCsr = createCsr({ privateKey: next, commonName: 'x' }).toString('base64');
    const second = await renew(await renewalBy(host.signingKey, { ...now(), nonce: 'cd'.repeat(16), signingCsr }));
    expect(second.signingChain).toHaveLength(2);
    // the new signing key is as good as the old one
    await expect(renew(await renewalBy(next, { ...now(), nonce: 'ef'.repeat(16) }))).resolves.toBeDefined();
  });

  it('is good once', async () => {
    await renew(await renewalBy(host.signingKey, now()));
    await expect(renew(await renewalBy(host.signingKey, now()))).rejects.toMatchObject({ code: 'token.used' });
  });

  it('comes from the host’s own signing key and nobody else’s', async () => {
    await expect(renew(await renewalBy(generateP256().privateKey, now()))).rejects.toMatchObject({
      code: 'envelope.unknown-key',
    });
    await expect(renew(await renewalBy(host.tlsKey, now()))).rejects.toMatchObject({ code: 'envelope.unknown-key' });
    const other = await enrollHost(running, 'host-b');
    await expect(renew(await renewalBy(other.signingKey, now()))).rejects.toMatchObject({ code: 'host.mismatch' });
    const signed = await renewalBy(host.signingKey, now());
    const payload = Buffer.from(signed.payload.toString('utf8').replace('host-a', 'host-b'));
    await expect(renew({ ...signed, payload })).rejects.toMatchObject({ code: 'envelope.bad-signature' });
  });

  it('is of now, of this cluster and of the running epoch', async () => {
    const at = timestamp(clock.wall() - 6 * 60_000);
    for (const [changes, code] of [
      [{ at }, 'statement.malformed'],
      [{ clusterId: 'd2'.repeat(16) }, 'host.mismatch'],
      [{ epoch: 2 }, 'host.mismatch'],
    ] as const) {
      await expect(renew(await renewalBy(host.signingKey, { ...now(), ...changes }))).rejects.toMatchObject({ code });
    }
  });

  it('ends with the host', async () => {
    await answer((done) => running.query('root').revokeHost({ host: 'host-a', reason: 'gone' }, done));
    await expect(renew(await renewalBy(host.signingKey, now()))).rejects.toMatchObject({ code: 'host.revoked' });
  });

  it('still works 30 days after the TLS certificate ended, and no longer', async () => {
    clock.advance(36 * DAY_MS);
    await expect(renew(await renewalBy(host.signingKey, now()))).resolves.toBeDefined();
    clock.advance(38 * DAY_MS);
    const late = renewalBy(host.signingKey, { ...now(), nonce: 'cd'.repeat(16) });
    await expect(renew(await late)).rejects.toMatchObject({ code: 'certificate.rejected' });
  });
});
