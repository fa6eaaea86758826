import { readFileSync, realpathSync } from 'node:fs';
import type { SubjectResult } from '@sealwatch/shared/check/check-result.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startNodeTls } from '../fakes/node-tls-process.js';
import { OpensslServer } from '../fakes/openssl-server.js';
import { probePort } from '../fakes/probe-port.js';
import { mustRun } from '../fakes/run-command.js';
import { TestCluster } from '../fakes/test-cluster.js';
import { TlsIdentities } from '../fakes/tls-identities.js';

const HOST = 'alpha';
const SUITE = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';

/** What the cluster says about a real TLS service of its host, which each test starts in its own shape. */
describe('a TLS service of a host', () => {
  let cluster: TestCluster;
  let identities: TlsIdentities;
  let server: OpensslServer | undefined;
  let port = 0;

  beforeAll(async () => {
    identities = await TlsIdentities.create(['rsa2048']);
    port = await good();
    const openssl = realpathSync((await mustRun(['sh', '-c', 'command -v openssl'])).stdout.trim());
    cluster = await TestCluster.create({
      hosts: [HOST],
      components: [{ name: 'openssl', path: openssl }],
      settings: {
        'policy.require': ['file', 'service', 'host'],
        services: [{ name: 'tls', address: `127.0.0.1:${String(port)}`, roles: ['worker'], component: 'openssl' }],
      },
    });
    await cluster.startAgents();
  }, 120_000);

  afterEach(async () => {
    await server?.stop();
    await good();
  });

  afterAll(async () => {
    await server?.stop();
    await cluster.dispose();
    identities.dispose();
  });

  /** One suite of the profile, approved curves and schemes. */
  async function good(): Promise<number> {
    return serve('ECDHE-RSA-AES256-GCM-SHA384');
  }

  async function serve(ciphers: string, ...args: string[]): Promise<number> {
    const files = ['-cert', identities.certificate('rsa2048'), '-key', identities.key('rsa2048')];
    const shape = ['-tls1_2', '-cipher', ciphers, '-groups', 'P-256:P-384'];
    const schemes = ['-sigalgs', 'RSA-PSS+SHA256:RSA+SHA256'];
    server = await OpensslServer.startAt(port, ...files, ...shape, ...schemes, ...args);
    return server.port;
  }

  async function service(): Promise<SubjectResult> {
    const { result } = await cluster.check();
    const found = result.hosts[0]?.subjects.find(({ id }) => id === 'service:tls');
    if (found === undefined) throw new Error(JSON.stringify(result, null, 1));
    return found;
  }

  const codes = ({ findings }: SubjectResult): string[] =>
    findings.filter(({ severity }) => severity !== 'warn').map(({ code }) => code);

  it('is printed with its preferred and supported suites as the seed prints them, and passes', async () => {
    const { status, stdout } = await cluster.sealwatch('check', 'fips');
    expect(stdout).toContain(
      [
        `Service: tls [127.0.0.1:${String(port)}]`,
        `Preferred Cipher: ${SUITE}`,
        'Supported Ciphers:',
        '',
        `                ${SUITE}`,
        '',
        '',
      ].join('\n'),
    );
    expect(stdout).toMatch(/^TLS Profile konvoy-1.7 Validated {30,}\[(OK|WARN)\]$/m);
    expect(stdout).not.toMatch(/Not checked: .*TLS services/);
    expect(status).toBe(0);
  });

  it('is in the JSON with its versions, certificate and program', async () => {
    const { service: facts } = await service();
    const { observation } = await probePort(port);
    expect(facts).toMatchObject({
      preferred: { version: 'TLS 1.2', suite: SUITE },
      supported: [SUITE],
      certificates: [
        { fingerprint: observation.state === 'served' ? observation.certificates[0]?.fingerprint : undefined },
      ],
      programs: [{ digest: sha256(readFileSync(cluster.components[0]?.path ?? '')) }],
    });
  });

  it('that is reconfigured to accept another suite fails, naming it, and passes again when mended', async () => {
    await server?.stop();
    await serve('ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA');
    const worse = await service();
    expect(worse.findings).toContainEqual(
      expect.objectContaining({ code: 'tls.suite', observed: 'TLS_RSA_WITH_AES_128_CBC_SHA' }),
    );
    expect(worse.status).toBe('fail');
    await server?.stop();
    await good();
    expect(codes(await service())).toEqual([]);
  });

  it('whose port another program took fails, naming the program', async () => {
    await server?.stop();
    const other = await startNodeTls(port, identities.pem('rsa2048'));
    try {
      const taken = await service();
      expect(codes(taken)).toContain('service.listener-other');
      expect(taken.findings.map(({ observed }) => observed).join('\n')).toContain(realpathSync(process.execPath));
    } finally {
      await other.stop();
    }
  });

  it('that is stopped is unreachable, which fails and is never skipped', async () => {
    await server?.stop();
    const gone = await service();
    expect(gone).toMatchObject({ statement: 'Unreachable', status: 'fail' });
    expect(codes(gone)).toEqual(['tls.unreachable']);
    expect((await cluster.check()).status).toBe(1);
  });

  it('that changes between two checks is noticed by the agent itself', async () => {
    await server?.stop();
    await cluster.waitForHosts(
      ({ reasons }) => reasons.includes('tls.unreachable service:tls'),
      'the agent reports the closed port',
    );
    await good();
    await cluster.waitForHosts(({ verdict }) => verdict === 'compliant', 'the host is good again');
  });
});
