import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { QueryServiceHandlers } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import type { OperatorCluster } from './operator-cluster.js';

export interface QueryServer {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** Cuts every connection, as a collector that is killed does. */
  kill(): void;
}

/** A collector's query API over real mutual TLS, with the answers a test gives it; what is not given is UNIMPLEMENTED. */
export async function queryServer(
  cluster: Pick<OperatorCluster, 'root' | 'collector'>,
  answers: Partial<QueryServiceHandlers>,
): Promise<QueryServer> {
  const server = new Server();
  server.addService(loadProtos().QueryService.service, answers as UntypedServiceImplementation);
  const { root, collector } = cluster;
  const pair = { private_key: Buffer.from(collector.key), cert_chain: Buffer.from(collector.chain) };
  const credentials = ServerCredentials.createSsl(Buffer.from(root), [pair], true);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    address: `127.0.0.1:${String(port)}`,
    kill: () => {
      server.forceShutdown();
    },
  };
}
