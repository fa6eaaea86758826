import { completeHandshake } from '@sealwatch/shared/probe/complete-handshake.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OpensslServer } from '../fakes/openssl-server.js';
import { probePort, served, suitesOf } from '../fakes/probe-port.js';
import { mustRun } from '../fakes/run-command.js';
import { type KeyName, TlsIdentities } from '../fakes/tls-identities.js';

let identities: TlsIdentities;
let servers: OpensslServer[] = [];

beforeAll(async () => {
  identities = await TlsIdentities.create(['rsa2048', 'rsa1024', 'p256', 'p384', 'ed25519']);
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
});
afterAll(() => {
  identities.dispose();
});

/** A server with the key of that name, on a port of its own. */
async function serve(key: KeyName | null, ...args: string[]): Promise<number> {
  const own = key === null ? ['-nocert'] : ['-cert', identities.certificate(key), '-key', identities.key(key)];
  const server = await OpensslServer.start(...own, ...args);
  servers.push(server);
  return server.port;
}

const EVERYTHING = 'ALL:COMPLEMENTOFALL@SECLEVEL=0';

/** What OpenSSL itself says a server with an RSA key and no shared secrets can do: an oracle that is no prober. */
async function everythingForRsa(version: string): Promise<string[]> {
  const { stdout } = await mustRun(['openssl', 'ciphers', '-s', version, '-stdname', '-v', EVERYTHING]);
  return stdout
    .split('\n')
    .filter((line) => /Kx=(RSA|DH|ECDH) +Au=(RSA|None) /.test(line) && !/PSK|SRP/.test(line))
    .map((line) => line.split(' ')[0] ?? '')
    .sort();
}

describe('a server that takes everything', () => {
  it('is listed suite by suite in every version, as OpenSSL says it should be', async () => {
    const port = await serve('rsa2048', '-cipher', EVERYTHING, '-min_protocol', 'TLSv1', '-serverpref');
    const result = await probePort(port);
    expect([...suitesOf(result, 'TLS 1.2')].sort()).toEqual(await everythingForRsa('-tls1_2'));
    expect([...suitesOf(result, 'TLS 1.1')].sort()).toEqual(await everythingForRsa('-tls1_1'));
    expect([...suitesOf(result, 'TLS 1.0')].sort()).toEqual(await everythingForRsa('-tls1'));
    expect(suitesOf(result, 'TLS 1.3')).toEqual([
      'TLS_AES_256_GCM_SHA384',
      'TLS_CHACHA20_POLY1305_SHA256',
      'TLS_AES_128_GCM_SHA256',
    ]);
    expect(suitesOf(result, 'SSL 3.0')).toEqual([]);
    expect(served(result).unanswered).toEqual([]);
    // one hello a suite and a few more: not one for each suite there is in each version
    const suites = served(result).versions.flatMap((version) => version.suites).length;
    expect(result.connections).toBeLessThan(suites + 60);
  });

  it('is listed in the order of a server that has one', async () => {
    const port = await serve('rsa2048', '-cipher', EVERYTHING, '-serverpref', '-tls1_2');
    const result = await probePort(port);
    const { stdout } = await mustRun(['openssl', 'ciphers', '-s', '-tls1_2', '-stdname', '-v', EVERYTHING]);
    const order = stdout.split('\n').map((line) => line.split(' ')[0] ?? '');
    const found = suitesOf(result, 'TLS 1.2');
    expect(found.length).toBeGreaterThan(40);
    expect(found).toEqual(order.filter((name) => found.includes(name)));
    expect(served(result).preferred.preference).toBe('server');
  });
});

describe('versions', () => {
  it.each([
    ['-tls1', '@SECLEVEL=0', ['TLS 1.0']],
    ['-tls1_1', '@SECLEVEL=0', ['TLS 1.1']],
    ['-tls1_2', '', ['TLS 1.2']],
    ['-tls1_3', '', ['TLS 1.3']],
    ['-no_tls1_2', '@SECLEVEL=0', ['TLS 1.3', 'TLS 1.1', 'TLS 1.0']],
  ])('openssl s_server %s', async (flag, level, versions) => {
    const old = flag === '-no_tls1_2' ? ['-min_protocol', 'TLSv1'] : [];
    const port = await serve('rsa2048', flag, ...old, '-cipher', `DEFAULT${level}`);
    const result = await probePort(port);
    expect(served(result).versions.map(({ version }) => version)).toEqual(versions);
    expect(served(result).unanswered).toEqual([]);
  });
});

describe('the preferred suite', () => {
  const SEED = 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-GCM-SHA384';

  it('is the strongest AES-GCM where the client decides, and the result says so', async () => {
    const port = await serve('rsa2048', '-tls1_2', '-cipher', SEED);
    expect(served(await probePort(port)).preferred).toMatchObject({
      version: 'TLS 1.2',
      suite: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      preference: 'client',
    });
  });

  it("is the server's first where the server decides", async () => {
    const port = await serve('rsa2048', '-tls1_2', '-cipher', SEED, '-serverpref');
    const { preferred, versions } = served(await probePort(port));
    expect(preferred).toMatchObject({ suite: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', preference: 'server' });
    expect(versions[0]?.suites).toEqual([
      'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      'TLS_RSA_WITH_AES_128_GCM_SHA256',
      'TLS_RSA_WITH_AES_256_GCM_SHA384',
    ]);
  });

  it("is nobody's choice if there is one suite", async () => {
    const port = await serve('rsa2048', '-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384');
    expect(served(await probePort(port)).preferred.preference).toBe('single');
  });
});

describe('groups', () => {
  it.each(['-tls1_2', '-tls1_3'])('%s: exactly those configured', async (version) => {
    const port = await serve('rsa2048', version, '-groups', 'P-384:X25519:P-521');
    const { groups } = served(await probePort(port));
    const found = version === '-tls1_2' ? groups.tls12 : groups.tls13;
    expect([...found].sort()).toEqual(['P-384', 'P-521', 'X25519']);
    expect([...groups.tls12, ...groups.tls13]).toHaveLength(3);
  });

  it('are all found behind an ECDSA certificate, whose curve the client has to know', async () => {
    const port = await serve('p256', '-tls1_2', '-groups', 'P-256:P-384:P-521');
    expect([...served(await probePort(port)).groups.tls12].sort()).toEqual(['P-256', 'P-384', 'P-521']);
  });

  it('a server with one finite field group in TLS 1.3', async () => {
    const port = await serve('rsa2048', '-tls1_3', '-groups', 'ffdhe3072');
    const { groups, versions } = served(await probePort(port));
    expect(groups.tls13).toEqual(['ffdhe3072']);
    expect(versions[0]?.suites).toHaveLength(3);
  });

  it('tell the size of a Diffie-Hellman prime', async () => {
    const dhe = await serve('rsa2048', '-tls1_2', '-cipher', 'DHE-RSA-AES256-GCM-SHA384');
    expect(served(await probePort(dhe))).toMatchObject({ dhPrimeBits: 2048, groups: { tls12: [], tls13: [] } });
  });
});

describe('signature schemes', () => {
  it.each([
    ['rsa2048', 'rsa_pss_rsae_sha256:RSA+SHA1', ['rsa_pss_rsae_sha256', 'rsa_pkcs1_sha1']],
    ['rsa2048', 'RSA+SHA512', ['rsa_pkcs1_sha512']],
    ['p384', 'ECDSA+SHA384:ECDSA+SHA1', ['ecdsa_secp384r1_sha384', 'ecdsa_sha1']],
  ] as const)('TLS 1.2, %s: %s', async (key, sigalgs, expected) => {
    const port = await serve(key, '-tls1_2', '-sigalgs', sigalgs, '-cipher', 'DEFAULT@SECLEVEL=0');
    expect(served(await probePort(port)).signatureSchemes).toEqual({ tls12: expected, tls13: [] });
  });

  it.each([
    ['rsa2048', ['rsa_pss_rsae_sha256', 'rsa_pss_rsae_sha384', 'rsa_pss_rsae_sha512']],
    ['p256', ['ecdsa_secp256r1_sha256']],
    ['ed25519', ['ed25519']],
  ] as const)('TLS 1.3, %s', async (key, expected) => {
    const port = await serve(key, '-tls1_3');
    expect(served(await probePort(port)).signatureSchemes).toEqual({ tls12: [], tls13: expected });
  });
});

describe('certificates', () => {
  it.each([
    ['rsa2048', { keyType: 'rsa', keyBits: 2048, curve: null }],
    ['p384', { keyType: 'ec', keyBits: 384, curve: 'P-384' }],
    ['ed25519', { keyType: 'ed25519', keyBits: null, curve: null }],
  ] as const)('%s, in TLS 1.2 and in TLS 1.3 alone', async (key, expected) => {
    for (const flag of ['-tls1_2', '-tls1_3']) {
      const result = await probePort(await serve(key, flag), {
        caFile: identities.certificate('ca'),
        name: 'localhost',
      });
      expect(served(result).certificates).toMatchObject([
        {
          ...expected,
          signatureAlgorithm: 'ecdsa-with-SHA384',
          issuer: 'CN=Probe Test CA',
          subjectAltName: 'DNS:localhost, IP Address:127.0.0.1',
          matchesName: true,
          serverAuth: true,
          trust: { state: 'trusted' },
        },
      ]);
    }
  });

  it('a small RSA key, which Node may refuse to speak with, is seen in the raw answer', async () => {
    const port = await serve('rsa1024', '-tls1_2', '-cipher', 'DEFAULT@SECLEVEL=0');
    expect(served(await probePort(port)).certificates).toMatchObject([{ keyType: 'rsa', keyBits: 1024 }]);
  });

  it.each(['-tls1_2', '-tls1_3', '-no_tls1'])('%s: both of a server that has two', async (version) => {
    const second = ['-dcert', identities.certificate('p256'), '-dkey', identities.key('p256')];
    const result = await probePort(await serve('rsa2048', version, ...second), {
      caFile: identities.certificate('ca'),
      name: 'localhost',
    });
    const { certificates, unanswered } = served(result);
    expect(certificates.map(({ keyType }) => keyType).sort()).toEqual(['ec', 'rsa']);
    // the authority signs with ECDSA, also the certificate of those who offer only RSA
    expect(certificates.every(({ trust, matchesName }) => trust.state === 'trusted' && matchesName)).toBe(true);
    expect(unanswered).toEqual([]);
  });

  it('a second one that could not be seen is named', async () => {
    const second = ['-dcert', identities.certificate('p256'), '-dkey', identities.key('p256')];
    const port = await serve('rsa2048', '-tls1_3', ...second);
    const handshake = completeHandshake({ host: '127.0.0.1', port });
    const result = await probePort(port, {
      handshake: (options) =>
        options.signatureSchemes?.includes('ecdsa_secp256r1_sha256') === true
          ? Promise.resolve(null)
          : handshake(options),
    });
    expect(served(result).certificates.map(({ keyType }) => keyType)).toEqual(['rsa']);
    expect(served(result).unanswered).toEqual([
      'TLS 1.3 certificate for ecdsa_secp256r1_sha256: no handshake could be finished',
    ]);
  });

  it('for another name, and under another authority', async () => {
    const port = await serve('rsa2048');
    const other = await TlsIdentities.create([]);
    try {
      const result = await probePort(port, { caFile: other.certificate('ca'), name: 'etcd.example' });
      expect(served(result).certificates).toMatchObject([{ matchesName: false, trust: { state: 'untrusted' } }]);
    } finally {
      other.dispose();
    }
  });
});

describe('a server that wants a certificate of ours', () => {
  it.each(['-tls1_2', '-tls1_3'])('%s: everything is seen all the same', async (version) => {
    const ca = identities.certificate('ca');
    const open = await probePort(await serve('rsa2048', version), { caFile: ca, name: '127.0.0.1' });
    const port = await serve('rsa2048', version, '-Verify', '1', '-verify_return_error', '-CAfile', ca);
    const closed = await probePort(port, { caFile: ca, name: '127.0.0.1' });
    const asked = version === '-tls1_2' ? 'requested' : 'not-visible';
    expect(served(closed)).toEqual({ ...served(open), clientCertificate: asked });
    expect(served(closed).certificates).toMatchObject([{ matchesName: true, trust: { state: 'trusted' } }]);
  });
});

describe('traits', () => {
  it('extended master secret, secure renegotiation, application protocol', async () => {
    const port = await serve('rsa2048', '-tls1_2', '-alpn', 'http/1.1');
    expect(served(await probePort(port))).toMatchObject({
      extendedMasterSecret: true,
      secureRenegotiation: true,
      compression: false,
      clientCertificate: 'not-requested',
      alpn: 'http/1.1',
    });
  });

  it('an unknown application protocol hides nothing', async () => {
    const port = await serve('rsa2048', '-tls1_2', '-alpn', 'smtp');
    expect(served(await probePort(port))).toMatchObject({ alpn: null, secureRenegotiation: true, unanswered: [] });
  });

  it('only shared secrets and no certificate', async () => {
    const port = await serve(null, '-tls1_2', '-psk', '0a0b', '-cipher', 'PSK:@SECLEVEL=0');
    const result = await probePort(port);
    expect(suitesOf(result, 'TLS 1.2')).toContain('TLS_PSK_WITH_AES_256_GCM_SHA384');
    expect(suitesOf(result, 'TLS 1.2')).toContain('TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384');
    expect(served(result).certificates).toEqual([]);
    // OpenSSL takes 3072 bits with its 256-bit suites here: the weakest counts
    expect(served(result).dhPrimeBits).toBe(1024);
  });
});
