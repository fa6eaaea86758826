import { realpathSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNodeTls } from '../fakes/node-tls-process.js';
import { OpensslServer } from '../fakes/openssl-server.js';
import { mustRun } from '../fakes/run-command.js';
import { TestCluster } from '../fakes/test-cluster.js';
import { TlsIdentities } from '../fakes/tls-identities.js';
import { MEASURED } from './measured.js';
import { PostureRecord, withoutRepeats } from './posture-record.js';
import { requireOwnMachine } from './require-own-machine.js';
import { keepTaken, printTakenRows } from './taken-rows.js';

const HOST = 'alpha';
/** Looks are a minute apart; what they find is probed in full. */
const BOUND_MS = 120_000;

const ROWS = [
  { number: '24a', name: 'suite', act: 'accept a suite outside the profile', code: 'tls.suite' },
  { number: '24b', name: 'version', act: 'accept a version outside the profile', code: 'tls.version' },
  { number: '25a', name: 'other', act: "put another server on the service's port", code: 'service.listener-other' },
  { number: '25b', name: 'closed', act: 'close the port', code: 'tls.unreachable' },
] as const;
type Name = (typeof ROWS)[number]['name'];

/** Rows 24 and 25, all at once on a service each: what takes long is waiting for the next look. */
describe('TLS services of a host', () => {
  let identities: TlsIdentities;
  let cluster: TestCluster;
  let record: PostureRecord;
  const servers = new Map<Name, { port: number; stop(): Promise<void> }>();

  beforeAll(async () => {
    requireOwnMachine();
    identities = await TlsIdentities.create(['rsa2048']);
    for (const { name } of ROWS) await serve(name);
    const openssl = realpathSync((await mustRun(['sh', '-c', 'command -v openssl'])).stdout.trim());
    cluster = await TestCluster.create({
      hosts: [HOST],
      components: [{ name: 'openssl', path: openssl }],
      settings: {
        'policy.require': ['file', 'service', 'host'],
        'policy.scanInterval': '1h',
        'policy.evidenceMaxAge': '3h',
        'policy.staleAfter': '30s',
        services: ROWS.map(({ name }) => ({
          name,
          address: `127.0.0.1:${String(portOf(name))}`,
          roles: ['worker'],
          component: 'openssl',
        })),
      },
    });
    await cluster.startAgents();
    record = await PostureRecord.open(cluster.directory);
    await record.compliant(HOST, 30_000);
  });
  afterAll(async () => {
    await record.close();
    await Promise.all([...servers.values()].map((server) => server.stop()));
    await cluster.dispose();
    identities.dispose();
  });
  printTakenRows();

  const portOf = (name: Name): number => servers.get(name)?.port ?? 0;

  /** As the profile has it, with further arguments after. */
  async function serve(name: Name, ciphers = 'ECDHE-RSA-AES256-GCM-SHA384', ...args: string[]): Promise<void> {
    const port = portOf(name);
    await servers.get(name)?.stop();
    const files = ['-cert', identities.certificate('rsa2048'), '-key', identities.key('rsa2048')];
    const versions = args.length === 0 ? ['-tls1_2'] : args;
    const shape = ['-cipher', ciphers, '-groups', 'P-256:P-384', '-sigalgs', 'RSA-PSS+SHA256:RSA+SHA256'];
    servers.set(name, await OpensslServer.startAt(port, ...files, ...versions, ...shape));
  }

  const change: Record<Name, () => Promise<void>> = {
    suite: () => serve('suite', 'ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA'),
    version: () => serve('version', 'ALL:@SECLEVEL=0', '-min_protocol', 'TLSv1'),
    other: async () => {
      const port = portOf('other');
      await servers.get('other')?.stop();
      servers.set('other', { port, ...(await startNodeTls(port, identities.pem('rsa2048'))) });
    },
    closed: async () => {
      await servers.get('closed')?.stop();
    },
  };

  it('that are changed, taken over or stopped are each named, and good again when mended', async () => {
    const since = performance.now();
    for (const { name } of ROWS) await change[name]();
    const seen = await Promise.all(
      ROWS.map(async (row) => {
        const reason = `${row.code} service:${row.name}`;
        const said = await record.first(
          since,
          HOST,
          `${reason} is said`,
          ({ verdict, reasons }) => verdict === 'noncompliant' && reasons.includes(reason),
          BOUND_MS,
        );
        return { row, reason, ms: said.at - since };
      }),
    );
    const mended = performance.now();
    for (const { name } of ROWS) await serve(name);
    // else the next greeting tells, which is up to a minute away
    if (!MEASURED) await cluster.check();
    const good = await record.first(mended, HOST, 'all is good', ({ verdict }) => verdict === 'compliant', BOUND_MS);
    for (const { row, reason, ms } of seen) {
      const { number, act } = row;
      keepTaken({ number, act, by: 'probe', verdictMs: ms, reasonMs: ms, reason, mendedMs: good.at - mended });
    }
    expect(seen).toHaveLength(ROWS.length);
  });

  it('may be restarted ten times with a renewed certificate without an alarm', async () => {
    const since = performance.now();
    await identities.renew('rsa2048');
    for (let i = 0; i < 10; i++) await serve('suite');
    // probes every service in full
    await cluster.check();
    await record.compliant(HOST, 30_000);
    const bad = withoutRepeats(record.since(since, HOST)).filter(({ verdict }) => verdict !== 'compliant');
    expect(bad).toEqual([]);
  });
});
