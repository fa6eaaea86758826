import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from './daemon.js';
import { waitUntil } from './wait-until.js';

/** A real etcd with one member, TLS for its clients and for its peers. */
export class EtcdServer {
  readonly clientPort: number;
  readonly peerPort: number;
  readonly #daemon: Daemon;
  readonly #directory: string;

  private constructor(fields: { clientPort: number; peerPort: number; daemon: Daemon; directory: string }) {
    this.clientPort = fields.clientPort;
    this.peerPort = fields.peerPort;
    this.#daemon = fields.daemon;
    this.#directory = fields.directory;
  }

  static async start(
    files: { certificate: string; key: string; authority: string },
    options: { clientAuth?: boolean; cipherSuites?: readonly string[]; program?: string } = {},
  ): Promise<EtcdServer> {
    const directory = mkdtempSync(join(tmpdir(), 'sealwatch-etcd-'));
    const [clientPort = 0, peerPort = 0] = await freePorts();
    const client = `https://127.0.0.1:${String(clientPort)}`;
    const peer = `https://127.0.0.1:${String(peerPort)}`;
    const daemon = new Daemon([
      ...[options.program ?? 'etcd', '--data-dir', directory, '--name', 'default'],
      ...['--listen-client-urls', client, '--advertise-client-urls', client],
      ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`],
      ...['--cert-file', files.certificate, '--key-file', files.key],
      ...['--peer-cert-file', files.certificate, '--peer-key-file', files.key],
      ...['--peer-trusted-ca-file', files.authority, '--peer-client-cert-auth'],
      ...(options.clientAuth === true ? ['--client-cert-auth', '--trusted-ca-file', files.authority] : []),
      ...(options.cipherSuites === undefined ? [] : ['--cipher-suites', options.cipherSuites.join(',')]),
    ]);
    const etcd = new EtcdServer({ clientPort, peerPort, daemon, directory });
    try {
      await waitUntil('etcd serves its clients', () => daemon.output.includes('serving client requests on'), {
        explain: () => daemon.output,
      });
    } catch (error) {
      await etcd.stop();
      throw error;
    }
    return etcd;
  }

  async stop(): Promise<void> {
    await this.#daemon.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

async function freePorts(): Promise<number[]> {
  const servers = [createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    ports.push(typeof address === 'object' ? (address?.port ?? 0) : 0);
  }
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
