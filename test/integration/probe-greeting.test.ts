import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type TlsOptions } from 'node:tls';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { completeHandshake } from '@sealwatch/shared/probe/complete-handshake.js';
import { dialTcp } from '@sealwatch/shared/probe/dial-tcp.js';
import { greet, type GreetingManner, type GreetingResult, mannersOf } from '@sealwatch/shared/probe/greet.js';
import { type Greeting, sameGreeting } from '@sealwatch/shared/probe/greeting.js';
import type { TlsObservation } from '@sealwatch/shared/probe/tls-observation.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OpensslServer } from '../fakes/openssl-server.js';
import { probePort, served } from '../fakes/probe-port.js';
import { TcpServer } from '../fakes/tcp-server.js';
import { type KeyName, TlsIdentities } from '../fakes/tls-identities.js';

let identities: TlsIdentities;
let closing: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  identities = await TlsIdentities.create(['rsa2048', 'rsa1024', 'p256', 'p384']);
});
afterEach(async () => {
  await Promise.all(closing.map((server) => server.stop()));
  closing = [];
});
afterAll(() => {
  identities.dispose();
});

const files = (key: KeyName): string[] => ['-cert', identities.certificate(key), '-key', identities.key(key)];

async function openssl(...args: string[]): Promise<number> {
  const server = await OpensslServer.start(...args);
  closing.push(server);
  return server.port;
}

/** Node's server takes new settings and certificates while it listens, as a service does that is reloaded. */
async function node(options: TlsOptions): Promise<{ port: number; server: Server }> {
  const server = createServer(options, (socket) => socket.on('error', () => undefined).end());
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push({
    stop: async () => {
      server.close();
      await once(server, 'close');
    },
  });
  return { port: (server.address() as AddressInfo).port, server };
}

function greetPort(
  port: number,
  observation: TlsObservation,
  manner: GreetingManner = mannersOf(observation)[0],
): Promise<GreetingResult> {
  const endpoint = { host: '127.0.0.1', port };
  return greet({
    manner,
    dial: dialTcp(endpoint),
    handshake: completeHandshake(endpoint),
    observation,
    serverName: undefined,
    limits: { timeoutMs: 1000 },
    monotonic: () => performance.now(),
  });
}

/** The full probe, the greeting right after it, and how to greet again (another port stands for the service of later). */
async function acquaint(port: number): Promise<{ first: Greeting; again: (port?: number) => Promise<Greeting> }> {
  const { observation } = await probePort(port);
  const { greeting: first, connections } = await greetPort(port, observation);
  expect(connections).toBe(1);
  return { first, again: async (later = port) => (await greetPort(later, observation)).greeting };
}

describe('an unchanged service', () => {
  it.each<[string, KeyName, string[], object]>([
    [
      'of TLS 1.2 and 1.3',
      'rsa2048',
      [],
      { version: 'TLS 1.2', signatureScheme: 'rsa_pss_rsae_sha256', servesNewer: true },
    ],
    ['of TLS 1.2 alone', 'p256', ['-tls1_2'], { version: 'TLS 1.2', group: 'P-256', servesNewer: false }],
    ['of TLS 1.0 alone', 'rsa2048', ['-tls1', '-cipher', 'DEFAULT@SECLEVEL=0'], { version: 'TLS 1.0' }],
    ['of TLS 1.3 alone', 'p384', ['-tls1_3'], { version: 'TLS 1.3', group: 'X25519', servesNewer: null }],
    [
      'with a finite field',
      'rsa2048',
      ['-tls1_2', '-cipher', 'DHE-RSA-AES128-GCM-SHA256'],
      { suite: 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', group: 'finite field of 2048 bits' },
    ],
  ])('%s gives the same greeting fifty times, with one connection each', async (_, key, args, expected) => {
    const port = await openssl(...files(key), ...args);
    const { observation } = await probePort(port);
    const greetings: GreetingResult[] = [];
    for (let round = 0; round < 50; round++) greetings.push(await greetPort(port, observation));
    expect(greetings[0]).toMatchObject({
      connections: 1,
      greeting: {
        state: 'answered',
        certificateFingerprint: served({ observation, connections: 0 }).certificates[0]?.fingerprint,
        ...expected,
      },
    });
    expect(new Set(greetings.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(greetings.every(({ greeting }) => sameGreeting(greetings[0]!.greeting, greeting))).toBe(true);
  });

  it('is still what it was when it wants a certificate of ours', async () => {
    const wanted = ['-Verify', '1', '-verify_return_error', '-CAfile', identities.certificate('ca')];
    for (const version of ['-tls1_2', '-tls1_3']) {
      const { first, again } = await acquaint(await openssl(...files('rsa2048'), version, ...wanted));
      expect(first).toMatchObject({
        state: 'answered',
        clientCertificate: version === '-tls1_2' ? 'requested' : 'not-visible',
        certificateFingerprint: expect.stringContaining('sha256:') as unknown,
      });
      expect(sameGreeting(first, await again())).toBe(true);
    }
  });
});

describe('a change is seen', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('the certificate was exchanged, %s', async (version) => {
    const options = { minVersion: version, maxVersion: version };
    const { port, server } = await node({ ...identities.pem('rsa2048'), ...options });
    const { first, again } = await acquaint(port);
    expect(sameGreeting(first, await again())).toBe(true);
    server.setSecureContext({ ...identities.pem('rsa1024'), ...options, ciphers: 'DEFAULT@SECLEVEL=0' });
    const later = await again();
    expect(later).toMatchObject({ state: 'answered', version: version.replace('TLSv', 'TLS ') });
    expect(sameGreeting(first, later)).toBe(false);
    server.setSecureContext({ ...identities.pem('rsa2048'), ...options });
    expect(sameGreeting(first, await again())).toBe(true);
  });

  it.each([
    ['one suite less', 'ECDHE-RSA-AES128-GCM-SHA256', true],
    [
      'a worse suite more, the client choosing',
      'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA',
      false,
    ],
    ['a worse suite first, the server choosing', 'AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384', true],
  ])('%s', async (_, ciphers, honorCipherOrder) => {
    const own = { ...identities.pem('rsa2048'), maxVersion: 'TLSv1.2' } as const;
    const two = 'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256';
    const { port } = await node({ ...own, ciphers: two, honorCipherOrder });
    const { first, again } = await acquaint(port);
    const later = await again((await node({ ...own, ciphers, honorCipherOrder })).port);
    expect(later.state).toBe('answered');
    expect(sameGreeting(first, later)).toBe(false);
  });

  it.each<[string, string[], string[]]>([
    ['a group more', ['-groups', 'P-256'], ['-groups', 'P-256:X25519']],
    ['SHA-1 in its signature', ['-sigalgs', 'RSA+SHA256'], ['-sigalgs', 'RSA+SHA256:RSA+SHA1']],
    ['TLS 1.3, too', ['-tls1_2'], []],
    ['TLS 1.3 no more', [], ['-tls1_2']],
    ['TLS 1.3 alone', [], ['-tls1_3']],
    ['TLS 1.2, too', ['-tls1_3'], ['-no_tls1_3']],
    ['TLS 1.1 instead', ['-tls1_2'], ['-tls1_1']],
    ['it wants certificates no more', ['-Verify', '1'], []],
  ])('%s', async (_, before, after) => {
    const own = [...files('rsa2048'), '-cipher', 'DEFAULT@SECLEVEL=0'];
    const { first, again } = await acquaint(await openssl(...own, ...before));
    expect(first.state).toBe('answered');
    expect(sameGreeting(first, await again(await openssl(...own, ...after)))).toBe(false);
  });

  it.each(['-tls1_2', '-tls1_3'])('%s: it is gone', async (version) => {
    const { first, again } = await acquaint(await openssl(...files('p256'), version));
    await closing.pop()?.stop();
    const later = await again();
    expect(later).toEqual({ state: 'unreachable', reason: 'connection refused (ECONNREFUSED)' });
    expect(sameGreeting(first, later)).toBe(false);
    expect(sameGreeting(later, await again())).toBe(true);
  });

  it.each(['-tls1_2', '-tls1_3'])('%s: it speaks plain HTTP now', async (version) => {
    const http = createHttpServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { again } = await acquaint(await openssl(...files('p256'), version));
    try {
      expect(await again((http.address() as AddressInfo).port)).toEqual({
        state: 'not-tls',
        reason: 'it speaks HTTP without TLS',
      });
    } finally {
      http.closeAllConnections();
      http.close();
    }
  });

  it.each(['-tls1_2', '-tls1_3'])('%s: it hangs', async (version) => {
    const { again } = await acquaint(await openssl(...files('p256'), version));
    const mute = await TcpServer.start((socket) => socket.resume());
    closing.push(mute);
    const started = performance.now();
    expect(await again(mute.port)).toEqual({ state: 'timeout', reason: 'no answer in time' });
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('in TLS 1.3', () => {
  const acquaint13 = async (...args: string[]): Promise<(...later: string[]) => Promise<boolean>> => {
    const port = await openssl(...files('rsa2048'), ...args);
    const { observation } = await probePort(port);
    expect(mannersOf(observation).slice(1)).toEqual(['tls13']);
    const { greeting: first, connections } = await greetPort(port, observation, 'tls13');
    expect(first).toMatchObject({ state: 'answered', version: 'TLS 1.3', clientCertificate: 'not-visible' });
    expect(connections).toBe(1);
    return async (...later) => {
      const { greeting } = await greetPort(await openssl(...files('rsa2048'), ...later), observation, 'tls13');
      return sameGreeting(first, greeting);
    };
  };

  it.each<[string, string[], string[]]>([
    ['one suite less', [], ['-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256']],
    ['a worse suite more', ['-ciphersuites', 'TLS_AES_256_GCM_SHA384'], ['-ciphersuites', 'TLS_AES_128_CCM_8_SHA256']],
    ['another group first', ['-groups', 'P-256'], ['-groups', 'X25519:P-256']],
    ['TLS 1.3 no more', [], ['-no_tls1_3']],
  ])('a change is seen though TLS 1.2 is served, too: %s', async (_, before, after) => {
    const same = await acquaint13(...before);
    expect(await same(...before)).toBe(true);
    expect(await same(...after)).toBe(false);
  });

  it('alone another group is seen though a handshake would choose as before', async () => {
    const same = await acquaint13('-tls1_3', '-groups', 'P-256');
    expect(await same('-tls1_3', '-groups', 'P-384:P-256')).toBe(false);
  });
});

describe('where nothing was served', () => {
  it('the first hello answered is a change', async () => {
    const port = await openssl(...files('p256'));
    const closed: TlsObservation = { state: 'unreachable', reason: 'connection refused (ECONNREFUSED)' };
    expect((await greetPort(port, closed)).greeting.state).toBe('answered');
  });
});

describe('an interrupted greeting', () => {
  it.each(['-tls1_2', '-tls1_3'])('%s: is like no other, not even like another one', async (version) => {
    const port = await openssl(...files('p256'), version);
    const { observation } = await probePort(port);
    const endpoint = { host: '127.0.0.1', port };
    const { greeting } = await greet({
      manner: mannersOf(observation)[0],
      dial: dialTcp(endpoint),
      handshake: completeHandshake(endpoint),
      observation,
      serverName: undefined,
      monotonic: () => performance.now(),
      signal: AbortSignal.abort(),
    });
    expect(greeting).toEqual({ state: 'stopped', reason: 'interrupted' });
    expect(sameGreeting(greeting, greeting)).toBe(false);
  });
});

describe('a server that takes no long hello', () => {
  it('is greeted again with what it accepted', async () => {
    const { port } = await node({ ...identities.pem('rsa2048'), maxVersion: 'TLSv1.2' });
    const short = await TcpServer.start((socket) => {
      socket.once('data', (hello) => {
        if (hello.length > 512) {
          socket.end();
          return;
        }
        const upstream = connect(port, '127.0.0.1').on('error', () => undefined);
        upstream.write(hello);
        upstream.pipe(socket).pipe(upstream);
        socket.once('close', () => upstream.destroy());
      });
    });
    closing.push(short);
    const { observation } = await probePort(short.port);
    const results = [await greetPort(short.port, observation), await greetPort(short.port, observation)];
    expect(results[0]).toMatchObject({ connections: 2, greeting: { state: 'answered', version: 'TLS 1.2' } });
    expect(results[1]).toEqual(results[0]);
  });
});
