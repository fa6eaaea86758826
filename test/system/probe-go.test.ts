import { judgeObservation, observationPasses } from '@sealwatch/shared/probe/judge-observation.js';
import { TLS_PROFILES } from '@sealwatch/shared/probe/profiles/tls-profiles.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EtcdServer } from '../fakes/etcd-server.js';
import { GoTlsServers } from '../fakes/go-tls-server.js';
import { probePort, served, suitesOf } from '../fakes/probe-port.js';
import { type KeyName, TlsIdentities } from '../fakes/tls-identities.js';

/** The list of the page this project was created from, in the order Go's fipsonly serves it. */
const SEED_SUITES = [
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_RSA_WITH_AES_256_GCM_SHA384',
];

let identities: TlsIdentities;
const servers = new GoTlsServers();

beforeAll(async () => {
  identities = await TlsIdentities.create(['rsa2048', 'p256']);
  for (const toolchain of ['plain', 'boring', 'fipsonly'] as const) await servers.build(toolchain);
}, 600_000);
afterAll(async () => {
  await servers.dispose();
  identities.dispose();
});

const files = (key: KeyName): { certificate: string; key: string; authority: string } => ({
  certificate: identities.certificate(key),
  key: identities.key(key),
  authority: identities.certificate('ca'),
});

describe('Go 1.19 with BoringCrypto and fipsonly', () => {
  it('serves exactly the four suites of old with an RSA key', async () => {
    const result = await probePort(await servers.start('fipsonly', files('rsa2048')));
    expect(served(result).versions).toEqual([{ version: 'TLS 1.2', suites: SEED_SUITES, preference: 'server' }]);
    expect(served(result)).toMatchObject({
      groups: { tls12: ['P-256', 'P-384', 'P-521'], tls13: [] },
      extendedMasterSecret: false,
      secureRenegotiation: true,
      unanswered: [],
    });
    const konvoy = judgeObservation(result.observation, TLS_PROFILES['konvoy-1.7'], Date.now());
    expect(konvoy.map(({ severity, item }) => `${severity} ${item}`)).toEqual([
      'warn TLS_RSA_WITH_AES_128_GCM_SHA256',
      'warn TLS_RSA_WITH_AES_256_GCM_SHA384',
    ]);
    expect(
      judgeObservation(result.observation, TLS_PROFILES['sp800-52r2'], Date.now()).map(({ code }) => code),
    ).toEqual(['tls.version-missing', 'tls.suite', 'tls.suite', 'tls.extended-master-secret']);
  });

  it('serves their twins with an ECDSA key', async () => {
    const result = await probePort(await servers.start('fipsonly', files('p256')));
    expect(suitesOf(result, 'TLS 1.2')).toEqual([
      'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
    ]);
    expect(judgeObservation(result.observation, TLS_PROFILES['konvoy-1.7'], Date.now())).toEqual([]);
  });

  it('looks the same when it wants a certificate of ours', async () => {
    const result = await probePort(await servers.start('fipsonly', files('rsa2048'), true));
    expect(suitesOf(result, 'TLS 1.2')).toEqual(SEED_SUITES);
    expect(served(result).clientCertificate).toBe('requested');
  });
});

describe.each(['plain', 'boring'] as const)('Go 1.19, %s, without fipsonly', (toolchain) => {
  it('serves what no profile takes, whatever its module', async () => {
    const result = await probePort(await servers.start(toolchain, files('rsa2048')));
    const { versions, groups, preferred, signatureSchemes } = served(result);
    expect(versions.map(({ version }) => version)).toEqual(['TLS 1.3', 'TLS 1.2', 'TLS 1.1', 'TLS 1.0']);
    expect(suitesOf(result, 'TLS 1.2')).toEqual(
      expect.arrayContaining([
        'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
        'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
        'TLS_RSA_WITH_AES_128_CBC_SHA',
      ]),
    );
    expect(groups.tls12).toContain('X25519');
    expect(groups.tls13).toContain('X25519');
    expect(signatureSchemes.tls12).toContain('rsa_pkcs1_sha1');
    expect(preferred.suite).toBe('TLS_AES_128_GCM_SHA256');
    for (const profile of Object.values(TLS_PROFILES)) {
      expect(observationPasses(judgeObservation(result.observation, profile, Date.now()))).toBe(false);
    }
  });
});

describe('etcd', () => {
  it.each([false, true])('client certificates wanted: %s', async (clientAuth) => {
    const etcd = await EtcdServer.start(files('rsa2048'), {
      clientAuth,
      cipherSuites: ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
    });
    try {
      const options = { caFile: identities.certificate('ca'), name: '127.0.0.1' };
      const clients = await probePort(etcd.clientPort, options);
      expect([...suitesOf(clients, 'TLS 1.2')].sort()).toEqual([
        'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
        'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      ]);
      expect(served(clients)).toMatchObject({
        clientCertificate: clientAuth ? 'requested' : 'not-requested',
        certificates: [{ keyType: 'rsa', keyBits: 2048, matchesName: true, trust: { state: 'trusted' } }],
        unanswered: [],
      });
      expect(served(await probePort(etcd.peerPort, options)).clientCertificate).toBe('requested');
    } finally {
      await etcd.stop();
    }
  });
});
