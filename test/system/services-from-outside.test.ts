import { realpathSync } from 'node:fs';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OpensslServer } from '../fakes/openssl-server.js';
import { mustRun } from '../fakes/run-command.js';
import { TestCluster } from '../fakes/test-cluster.js';
import { TlsIdentities } from '../fakes/tls-identities.js';
import { waitUntil } from '../fakes/wait-until.js';

/** The host's own name, which the collector dials, while the service is declared and probed by the host at 127.0.0.1. */
const HOST = '127.0.0.2';
const INSIDE = '127.0.0.1';

describe('a service that the collector looks at, too', () => {
  let cluster: TestCluster;
  let own: TlsIdentities;
  let foreign: TlsIdentities;
  let inside: OpensslServer;
  let outside: OpensslServer | undefined;

  beforeAll(async () => {
    own = await TlsIdentities.create(['rsa2048']);
    foreign = await TlsIdentities.create(['rsa2048']);
    inside = await serve(INSIDE, 0, own);
    const openssl = realpathSync((await mustRun(['sh', '-c', 'command -v openssl'])).stdout.trim());
    cluster = await TestCluster.create({
      hosts: [HOST],
      components: [{ name: 'openssl', path: openssl }],
      settings: {
        'policy.require': ['file', 'service', 'host'],
        services: [
          {
            name: 'tls',
            address: `${INSIDE}:${String(inside.port)}`,
            roles: ['worker'],
            component: 'openssl',
            outside: true,
          },
        ],
      },
    });
    await cluster.startAgents();
  }, 120_000);

  afterEach(async () => {
    await outside?.stop();
  });

  afterAll(async () => {
    await inside.stop();
    await cluster.dispose();
    own.dispose();
    foreign.dispose();
  });

  async function serve(host: string, port: number, identity: TlsIdentities): Promise<OpensslServer> {
    const files = ['-cert', identity.certificate('rsa2048'), '-key', identity.key('rsa2048')];
    const shape = ['-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384', '-groups', 'P-256'];
    return OpensslServer.startOn({ host, port }, ...files, ...shape, '-sigalgs', 'RSA+SHA256');
  }

  /** A new agent, too: the old one would wait ever longer for a collector that comes and goes. */
  async function startAnew(): Promise<void> {
    await cluster.agent(HOST).stop();
    await cluster.collector.stop();
    await cluster.startCollector();
    cluster.startAgent(HOST);
  }

  /** The findings about looks from outside, once a new collector has had one. */
  async function seen(): Promise<{ codes: string[]; result: CheckResult }> {
    await startAnew();
    return waitUntil(
      'the collector has looked',
      async () => {
        const { result } = await cluster.check();
        const findings = result.hosts[0]?.subjects.find(({ id }) => id === 'service:tls')?.findings ?? [];
        const codes = findings.map(({ code }) => code).filter((code) => code.startsWith('service.outside'));
        const waiting = findings.some(({ observed }) => observed === 'none yet');
        return !waiting && result.coverage.answered === 1 && { codes, result };
      },
      { explain: () => cluster.words() },
    );
  }

  it('and finds the same is compliant', async () => {
    outside = await serve(HOST, inside.port, own);
    const { codes, result } = await seen();
    expect(codes).toEqual([]);
    expect(result.verdict).toBe('compliant');
  });

  it('and finds with another certificate fails, naming both', async () => {
    outside = await serve(HOST, inside.port, foreign);
    const { codes, result } = await seen();
    expect(codes).toEqual(['service.outside-differs']);
    expect(result.verdict).toBe('noncompliant');
    expect(JSON.stringify(result)).toMatch(/as the host says: certificates sha256:/);
  });

  it('and can not reach leaves the host unknown, with the reason', async () => {
    const { codes, result } = await seen();
    expect(codes).toEqual(['service.outside-unseen']);
    expect(result.verdict).toBe('unknown');
    expect(JSON.stringify(result)).toContain('connection refused');
  });
});
