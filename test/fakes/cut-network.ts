import { connect, type Socket } from 'node:net';
import { TcpServer } from './tcp-server.js';

interface Lines {
  way: 'open' | 'refused' | 'swallowed';
  readonly sockets: Set<Socket>;
}

/**
 * A network between a client and a server that a test can take away. `refused`: whoever tries is turned away, and open
 * connections are reset. `swallowed`: connections stay open and nothing arrives, as behind a dead router.
 */
export class CutNetwork {
  readonly address: string;
  readonly #server: TcpServer;
  readonly #lines: Lines;

  private constructor(server: TcpServer, lines: Lines) {
    this.#server = server;
    this.#lines = lines;
    this.address = `127.0.0.1:${String(server.port)}`;
  }

  /** @param target where the server really is, `127.0.0.1:7443` */
  static async to(target: string): Promise<CutNetwork> {
    const port = Number(target.slice(target.lastIndexOf(':') + 1));
    const lines: Lines = { way: 'open', sockets: new Set() };
    const server = await TcpServer.start((near) => {
      if (lines.way === 'refused') return void near.destroy();
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        lines.sockets.add(from);
        from
          .on('error', () => undefined)
          .on('data', (bytes: Buffer) => {
            if (lines.way === 'open') to.write(bytes);
          })
          .once('close', () => {
            lines.sockets.delete(from);
            if (lines.way !== 'swallowed') to.destroy();
          });
      }
    });
    return new CutNetwork(server, lines);
  }

  cut(way: 'refused' | 'swallowed'): void {
    this.#lines.way = way;
    if (way === 'refused') for (const socket of this.#lines.sockets) socket.destroy();
  }

  /** Connections from before stay dead: bytes of theirs are lost. */
  heal(): void {
    for (const socket of this.#lines.sockets) socket.destroy();
    this.#lines.way = 'open';
  }

  async stop(): Promise<void> {
    for (const socket of this.#lines.sockets) socket.destroy();
    await this.#server.stop();
  }
}
