import { once } from 'node:events';
import { createServer, type Server, type TlsOptions } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { COLLECTOR_DNS_NAME } from '@sealwatch/shared/trust/identity.js';
import { judgeObservation } from '@sealwatch/shared/probe/judge-observation.js';
import { TLS_PROFILES } from '@sealwatch/shared/probe/profiles/tls-profiles.js';
import { certificatesFromPem } from '@sealwatch/shared/x509/pem.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probePort, served, suitesOf } from '../fakes/probe-port.js';
import { RunningCollector } from '../fakes/running-collector.js';
import { TlsIdentities } from '../fakes/tls-identities.js';

let identities: TlsIdentities;
let server: Server | undefined;

beforeAll(async () => {
  identities = await TlsIdentities.create(['rsa2048', 'p256', 'ed25519']);
});
afterEach(() => {
  server?.close();
  server = undefined;
});
afterAll(() => {
  identities.dispose();
});

async function serve(options: TlsOptions): Promise<number> {
  server = createServer(options, (socket) => socket.end());
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('a Node server', () => {
  it('with its defaults: more than any profile takes', async () => {
    const port = await serve(identities.pem('rsa2048'));
    const { observation } = await probePort(port);
    const found = judgeObservation(observation, TLS_PROFILES['konvoy-1.7'], Date.now());
    const failing = found.filter(({ severity }) => severity === 'fail').map(({ item }) => item);
    expect(failing).toContain('TLS_CHACHA20_POLY1305_SHA256');
    expect(failing).toContain('X25519');
    expect(failing).toContain('TLS_RSA_WITH_AES_256_CBC_SHA');
  });

  it('that honours its own order, and one that does not', async () => {
    const ciphers = 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384';
    const options = { ...identities.pem('rsa2048'), ciphers, maxVersion: 'TLSv1.2' } as const;
    const own = served(await probePort(await serve({ ...options, honorCipherOrder: true })));
    expect(own.preferred).toMatchObject({ suite: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', preference: 'server' });
    const theirs = served(await probePort(await serve({ ...options, honorCipherOrder: false })));
    expect(theirs.preferred).toMatchObject({ suite: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', preference: 'client' });
  });

  it('with TLS 1.0 allowed at last', async () => {
    const port = await serve({ ...identities.pem('p256'), minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' });
    const result = await probePort(port);
    expect(suitesOf(result, 'TLS 1.0')).toContain('TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA');
    expect(served(result).versions.map(({ version }) => version)).toEqual(['TLS 1.3', 'TLS 1.2', 'TLS 1.1', 'TLS 1.0']);
  });

  it('of TLS 1.3 alone with three kinds of key: every certificate is seen', async () => {
    const keys = (['rsa2048', 'p256', 'ed25519'] as const).map((name) => identities.pem(name));
    const own = { cert: keys.map(({ cert }) => cert), key: keys.map(({ key }) => key) };
    const result = await probePort(await serve({ ...own, minVersion: 'TLSv1.3' }));
    expect(served(result).certificates.map(({ keyType }) => keyType)).toEqual(['ec', 'rsa', 'ed25519']);
    expect(served(result).unanswered).toEqual([]);
  });
});

describe('our own collector passes sp800-52r2', () => {
  let collector: RunningCollector;
  beforeAll(async () => {
    collector = await RunningCollector.start();
  });
  afterAll(() => collector.dispose());

  it.each(['address', 'enrollAddress'] as const)('at its %s', async (door) => {
    const { host, port } = collector.collector[door];
    const pem = collector.authority.rootPem;
    const result = await probePort(port, {
      host,
      serverName: COLLECTOR_DNS_NAME,
      certificates: {
        name: COLLECTOR_DNS_NAME,
        authorities: certificatesFromPem(pem, 'the root'),
        at: Date.now(),
      },
      authorities: [pem],
    });
    expect(judgeObservation(result.observation, TLS_PROFILES['sp800-52r2'], Date.now())).toEqual([]);
    expect(judgeObservation(result.observation, TLS_PROFILES['konvoy-1.7'], Date.now())).toEqual([]);
    expect(served(result)).toMatchObject({
      versions: [
        { suites: ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'] },
        { suites: ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'] },
      ],
      // in TLS 1.2 its P-256 certificate asks for clients that know P-256, which it then prefers
      groups: { tls12: ['P-256'], tls13: ['P-256', 'P-384'] },
      certificates: [{ trust: { state: 'trusted' }, matchesName: true }],
      clientCertificate: door === 'address' ? 'requested' : 'not-requested',
    });
  });
});
