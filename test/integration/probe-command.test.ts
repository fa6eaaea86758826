import { agentProgram } from '@sealwatch/agent/cli/program.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturedIo } from '../fakes/captured-io.js';
import { OpensslServer } from '../fakes/openssl-server.js';
import { TlsIdentities } from '../fakes/tls-identities.js';

const SEED = 'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:AES128-GCM-SHA256:AES256-GCM-SHA384';

let identities: TlsIdentities;
let seed: OpensslServer;
let modern: OpensslServer;

beforeAll(async () => {
  identities = await TlsIdentities.create(['rsa2048', 'p384']);
  const own = (name: 'rsa2048' | 'p384'): string[] => [
    '-cert',
    identities.certificate(name),
    '-key',
    identities.key(name),
  ];
  const groups = ['-groups', 'P-256:P-384:P-521'];
  // as Go's fipsonly has them
  const sigalgs = 'RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512';
  seed = await OpensslServer.start(
    ...[...own('rsa2048'), ...groups, '-sigalgs', sigalgs, '-tls1_2', '-serverpref', '-cipher', SEED],
  );
  modern = await OpensslServer.start(
    ...[...own('p384'), ...groups, '-cipher', 'ECDHE+AESGCM', '-ciphersuites', 'TLS_AES_256_GCM_SHA384'],
  );
});
afterAll(async () => {
  await Promise.all([seed.stop(), modern.stop()]);
  identities.dispose();
});

async function probe(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const io = capturedIo({ cwd: identities.directory });
  const status = await runProgram(agentProgram(io), ['probe', ...args], io);
  return { status, stdout: io.stdout, stderr: io.stderr };
}

describe('sealwatch-agent probe', () => {
  it('prints the service as the report does, and passes it under konvoy-1.7 with warnings', async () => {
    const address = `127.0.0.1:${String(seed.port)}`;
    const { status, stdout } = await probe(address, '--ca', 'ca.pem');
    expect(stdout).toContain(
      [
        `Service: ${address}`,
        'Preferred Cipher: TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
        'Supported Ciphers:',
        '',
        '                TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
        '                TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
        '                TLS_RSA_WITH_AES_128_GCM_SHA256',
        '                TLS_RSA_WITH_AES_256_GCM_SHA384',
        '',
        'Versions: TLS 1.2',
      ].join('\n'),
    );
    expect(stdout).toMatch(/^Profile: konvoy-1\.7 \(Konvoy 1\.7 in FIPS mode\) Passed +\[WARN\]$/m);
    expect(stdout).toContain('    The profile still allows it, but it is deprecated (tls.deprecated)');
    expect(stdout).toContain('leads to the given authority');
    expect(status).toBe(0);
  });

  it('fails the same service under stricter profiles, with every reason', async () => {
    const { status, stdout } = await probe(`127.0.0.1:${String(seed.port)}`, '--profile', 'sp800-52r2');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^Profile: sp800-52r2 .* Not Passed +\[FAIL\]$/m);
    expect(stdout).toContain(
      'found:    TLS 1.3\n        source:   SP 800-52r2 §3.1: shall be supported from 2024-01-01 on',
    );
    expect(stdout).toContain('found:    TLS_RSA_WITH_AES_256_GCM_SHA384');
  });

  it('answers in JSON, with the same facts each time', async () => {
    const address = `localhost:${String(modern.port)}`;
    const args = [address, '--ca', 'ca.pem', '--profile', 'sp800-52r2', '--output', 'json'];
    const first = await probe(...args);
    expect(first.status).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      schema: 'sealwatch/probe/v1',
      address,
      profile: 'sp800-52r2',
      passes: true,
      observation: { state: 'served', preferred: { version: 'TLS 1.3', suite: 'TLS_AES_256_GCM_SHA384' } },
    });
    expect((await probe(...args)).stdout).toBe(first.stdout);
  });

  it('asks for the name it is given, and fails a certificate for another', async () => {
    const address = `127.0.0.1:${String(modern.port)}`;
    const wrong = await probe(address, '--ca', 'ca.pem', '--server-name', 'kube-apiserver');
    expect(wrong.status).toBe(1);
    expect(wrong.stdout).toContain('tls.certificate-name');
    expect((await probe(address, '--ca', 'ca.pem', '--server-name', 'localhost')).stdout).not.toContain('name)');
  });

  it('a closed port is unreachable, and fails', async () => {
    const { status, stdout } = await probe('127.0.0.1:1');
    expect(stdout).toContain('Unreachable: connection refused (ECONNREFUSED)');
    expect(stdout).toContain('tls.unreachable');
    expect(status).toBe(1);
  });

  it.each([
    [['localhost'], 'no address'],
    [['localhost:0'], 'no address'],
    [['a b:1'], 'no address'],
    [['[::g]:1'], 'no address'],
    [['localhost:1', '--timeout', '4'], '--timeout 4'],
    [['localhost:1', '--ca', 'missing.pem'], 'missing.pem'],
    [['localhost:1', '--ca', 'ca.key'], 'no certificate in PEM form'],
    [['localhost:1', '--profile', 'none'], 'Allowed choices'],
    [['localhost:1', '--server-name', 'a/b'], '--server-name a/b'],
  ])('wrong usage: %j', async (args, words) => {
    const { status, stderr } = await probe(...args);
    expect(stderr).toContain(words);
    expect(status).toBe(2);
  });
});
