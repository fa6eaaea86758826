import { createHash, generateKeyPairSync } from 'node:crypto';
import { DEFAULT_POLICY } from '@sealwatch/collector/config/cluster-defaults.js';
import { FINDING_CODES } from '@sealwatch/shared/appraisal/finding-catalogue.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import type { Release } from '@sealwatch/shared/trust/release.js';
import { fromEnvelope } from '@sealwatch/shared/wire/envelope-wire.js';
import type { PublishReleaseResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/PublishReleaseResponse.js';
import type { QueryServiceClient } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BAD, GOOD, IngestWorld, type TestHost } from '../fakes/ingest-world.js';
import { answer, RunningCollector } from '../fakes/running-collector.js';
import { TestAuthority } from '../fakes/test-authority.js';

const HOSTS = [{ name: 'host-a', role: 'worker' as const }];

describe('whoever holds an operator’s certificate', () => {
  let running: RunningCollector;
  beforeAll(async () => {
    running = await RunningCollector.start();
    await running.publish(5, ['host-a']);
  });
  afterAll(async () => {
    await running.dispose();
  });

  type Call = (client: QueryServiceClient, done: (error: Error | null, response?: unknown) => void) => unknown;
  const token: Call = (client, done) => client.createToken({ host: 'host-a' }, done);
  const upload: Call = (client, done) => client.uploadManifest({}, done);
  const publish: Call = (client, done) => client.publishRelease({}, done);
  const revoke: Call = (client, done) => client.revokeHost({ host: 'host-a', reason: 'x' }, done);

  it.each<[string, 'vera' | 'oscar', Call]>([
    ['a viewer makes no tokens', 'vera', token],
    ['a viewer uploads nothing', 'vera', upload],
    ['a viewer publishes nothing', 'vera', publish],
    ['a viewer revokes nobody', 'vera', revoke],
    ['an operator uploads nothing', 'oscar', upload],
    ['an operator publishes nothing', 'oscar', publish],
    ['an operator revokes nobody', 'oscar', revoke],
  ])('%s', async (_, who, call) => {
    await expect(answer((done) => call(running.query(who), done))).rejects.toMatchObject({
      code: 'identity.forbidden',
    });
  });

  const release = (changes: Partial<Release> = {}): Promise<Envelope> =>
    running.authority.release(running.inception, {
      version: 6,
      hosts: HOSTS,
      operators: [{ name: 'root', role: 'admin' }],
      ...changes,
    });
  const publishing = (envelope: Envelope): Promise<PublishReleaseResponse> =>
    answer<PublishReleaseResponse>((done) =>
      running.query('root').publishRelease({ release: fromEnvelope(envelope) }, done),
    );
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const keyid = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  const host = HOSTS[0]!;

  it.each<[string, Partial<Release>, string]>([
    ['an older one', { version: 4 }, 'release.rollback'],
    ['another one of the same version', { version: 5, removedHosts: [] }, 'release.rollback'],
    ['one without a version', { version: 0 }, 'release.malformed'],
    ['one of half a version', { version: 6.5 }, 'release.malformed'],
    ['one of another cluster', { clusterId: 'd2'.repeat(16) }, 'inception.mismatch'],
    ['one of another inception', { inception: BAD }, 'inception.mismatch'],
    ['one that names a host twice', { hosts: [host, host] }, 'release.malformed'],
    ['one with a host of no name', { hosts: [{ name: '../x', role: 'worker' }] }, 'release.malformed'],
    ['one with a role nobody knows', { operators: [{ name: 'root', role: 'god' as 'admin' }] }, 'release.malformed'],
    ['one with a field nobody knows', { mode: 'standard' } as object, 'release.malformed'],
    ['one with a manifest nobody has', { manifests: [manifest(BAD)] }, 'manifest.unknown'],
    ['one with a short publisher key', { publisherKeys: [{ keyid, pem, revoked: null }] }, 'key.invalid'],
    ['one that requires nothing', { policy: { ...DEFAULT_POLICY, require: [] } }, 'release.malformed'],
    ['one whose hosts may be silent for a year', policy({ staleAfterMs: 365 * 86_400_000 }), 'release.malformed'],
    [
      'one that waives what can’t be waived by a word nobody knows',
      policy({ severities: { 'file.digest-mismatch': 'ok' as 'warn' } }),
      'release.malformed',
    ],
  ])('with the cluster key besides, publishes no release that is none: %s', async (_, changes, code) => {
    await expect(publishing(await release(changes))).rejects.toMatchObject({ code });
  });

  it('without the cluster key publishes nothing at all', async () => {
    const stranger = new TestAuthority({ clusterId: running.authority.clusterId });
    const forged = await stranger.release(running.inception, { version: 9, hosts: [], operators: [] });
    await expect(publishing(forged)).rejects.toMatchObject({ code: 'envelope.unknown-key' });
    const [signature] = (await release()).signatures;
    const named = { ...forged, signatures: [{ ...forged.signatures[0]!, keyid: signature!.keyid }] };
    await expect(publishing(named)).rejects.toMatchObject({ code: 'envelope.bad-signature' });
    await expect(publishing({ ...(await release()), payloadType: PAYLOAD_TYPES.inception })).rejects.toMatchObject({
      code: 'envelope.malformed',
    });
  });

  it('brings in no manifest by a key the release does not pin', async () => {
    const envelope = await signEnvelope(PAYLOAD_TYPES.statement, { any: 'thing' }, { ...keySigner(privateKey), keyid });
    const upload = answer((done) => running.query('root').uploadManifest({ manifest: fromEnvelope(envelope) }, done));
    await expect(upload).rejects.toMatchObject({ code: 'manifest.malformed' });
    const named = await release({ manifests: [manifest(sha256(envelope.payload))] });
    const bundle = { release: fromEnvelope(named), manifests: [fromEnvelope(envelope)] };
    const publish = answer((done) => running.query('root').publishRelease(bundle, done));
    await expect(publish).rejects.toMatchObject({ code: 'envelope.unknown-key' });
  });
});

describe('a policy signed past cluster.yaml', () => {
  let world: IngestWorld;
  let alpha: TestHost;
  afterEach(async () => {
    await world.dispose();
  });

  async function under(policy: Partial<Policy>, kubelet = BAD): Promise<readonly [string, readonly string[]]> {
    world = await IngestWorld.create(['alpha']);
    await world.deploy(['alpha'], policy);
    alpha = await world.enroll('alpha');
    alpha.kubelet = kubelet;
    await (await alpha.connect()).send(await alpha.report());
    const { verdict, reasons } = world.board.state('alpha');
    return [verdict, reasons];
  }

  it('lowers nothing that is fixed', async () => {
    const severities = Object.fromEntries(FINDING_CODES.map((code) => [code, 'warn']));
    expect(await under({ severities })).toEqual([
      'noncompliant',
      ['file.digest-mismatch file:kubelet:/usr/bin/kubelet'],
    ]);
    world.clock.advance(10_000_000);
    world.board.tick();
    expect(world.board.state('alpha').reasons).toContain('host.silent host');
  });

  it('that demonstrates looks past the kernel’s mode and nothing else', async () => {
    expect((await under({ demonstration: true }))[0]).toBe('noncompliant');
  });

  it.each(['process', 'module'] as const)(
    'that requires %s evidence of an agent that sends none is not met by silence',
    async (kind) => {
      const missing = [`evidence.missing ${kind}:kubelet`];
      expect(await under({ require: ['file', 'host', kind] }, GOOD)).toEqual(['unknown', missing]);
    },
  );
});

function manifest(digest: Release['manifests'][number]['digest']): Release['manifests'][number] {
  return { digest, from: '2026-01-01T00:00:00.000Z', until: null };
}

function policy(changes: Partial<Policy>): Partial<Release> {
  return { policy: { ...DEFAULT_POLICY, ...changes } };
}
