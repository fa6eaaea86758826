import { Daemon } from './daemon.js';
import { waitUntil } from './wait-until.js';

/** A real `openssl s_server` on a free port of this machine; with -www, as it would stop at the end of its standard input. */
export class OpensslServer {
  readonly port: number;
  readonly #daemon: Daemon;

  private constructor(daemon: Daemon, port: number) {
    this.#daemon = daemon;
    this.port = port;
  }

  static async start(...args: readonly string[]): Promise<OpensslServer> {
    return OpensslServer.startAt(0, ...args);
  }

  /** @param chosen 0: any free port, which openssl then names */
  static async startAt(chosen: number, ...args: readonly string[]): Promise<OpensslServer> {
    return OpensslServer.startOn({ host: '127.0.0.1', port: chosen }, ...args);
  }

  static async startOn(
    { host, port: chosen }: { host: string; port: number },
    ...args: readonly string[]
  ): Promise<OpensslServer> {
    const daemon = new Daemon(['openssl', 's_server', '-www', '-accept', `${host}:${String(chosen)}`, ...args]);
    const port = (): number => {
      const line = /^ACCEPT(?: 127\.0\.0\.1:(\d+))?$/m.exec(daemon.output);
      return line === null ? 0 : Number(line[1] ?? chosen);
    };
    try {
      await waitUntil('openssl s_server listens', () => port() !== 0 || !daemon.running, {
        explain: () => daemon.output,
      });
      if (port() === 0) throw new Error(`openssl s_server ${args.join(' ')} did not start:\n${daemon.output}`);
    } catch (error) {
      await daemon.stop();
      throw error;
    }
    return new OpensslServer(daemon, port());
  }

  get pid(): number {
    return this.#daemon.pid;
  }

  async stop(): Promise<void> {
    await this.#daemon.stop();
  }
}
