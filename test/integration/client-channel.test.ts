import { Server, ServerCredentials } from '@grpc/grpc-js';
import { channelOptions, clientCredentials } from '@sealwatch/shared/wire/channel.js';
import type { ClusterStatus } from '@sealwatch/shared/wire/generated/sealwatch/v1/ClusterStatus.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import { afterEach, expect, it } from 'vitest';
import { answer } from '../fakes/running-collector.js';
import { TestAuthority, type TestIdentity } from '../fakes/test-authority.js';

const authority = new TestAuthority();
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.forceShutdown();
});

/** Asks whoever has this certificate, dialling its address as a number. */
async function ask(identity: TestIdentity): Promise<ClusterStatus> {
  const { QueryService } = loadProtos();
  const server = new Server();
  servers.push(server);
  server.addService(QueryService.service, {
    GetStatus: (_call: unknown, callback: (error: null, status: object) => void) => {
      callback(null, { clusterName: 'reached' });
    },
  });
  const pair = { private_key: Buffer.from(identity.key), cert_chain: Buffer.from(identity.chain) };
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = ServerCredentials.createSsl(null, [pair]);
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const { rootPem: root, clusterId } = authority;
  const client = new QueryService(
    `127.0.0.1:${String(port)}`,
    clientCredentials({ root, clusterId }),
    channelOptions(),
  );
  try {
    return await answer<ClusterStatus>((done) => client.getStatus({}, done));
  } finally {
    client.close();
  }
}

it('a client talks to its cluster’s collector at any address, and Node has nothing to warn of', async () => {
  const warnings: Error[] = [];
  const listener = (warning: Error): number => warnings.push(warning);
  process.on('warning', listener);
  await expect(ask(authority.collector())).resolves.toMatchObject({ clusterName: 'reached' });
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', listener);
  expect(warnings).toEqual([]);
});

it.each<[string, () => TestIdentity, RegExp]>([
  ['the collector of another cluster', () => authority.collectorOfOtherCluster(), /no collector of cluster/],
  ['a host that poses as collector', () => authority.hostAsCollector(), /no collector of cluster/],
  [
    'a collector under another root',
    () => new TestAuthority({ clusterId: authority.clusterId }).collector(),
    /certificate/,
  ],
  ['an operator’s certificate', () => authority.operator('root'), /certificate/],
  ['a collector whose certificate ended', () => authority.collector({ notAfter: Date.now() - 1000 }), /expired/],
])('a client says nothing to %s', async (_, identity, reason) => {
  await expect(ask(identity())).rejects.toMatchObject({
    code: 'collector.unreachable',
    message: expect.stringMatching(reason) as string,
  });
});
