import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const SCRIPT = `
const { createServer } = require('node:net');
const server = createServer().listen({ port: Number(process.env.LISTEN_PORT), host: process.env.LISTEN_HOST }, () => {
  console.log(server.address().port);
});
`;

/**
 * A real process that listens, under the command line of another program: `argv0` and the flags are what /proc shows,
 * the executable is Node's or a copy of it.
 */
export class ListeningProgram {
  readonly port: number;
  readonly pid: number;
  readonly #stop: () => Promise<void>;

  private constructor(fields: { port: number; pid: number; stop: () => Promise<void> }) {
    this.port = fields.port;
    this.pid = fields.pid;
    this.#stop = fields.stop;
  }

  static async start(
    options: {
      executable?: string;
      argv0?: string;
      flags?: readonly string[];
      host?: string;
      port?: number;
      environment?: Readonly<Record<string, string>>;
      uid?: number;
      cwd?: string;
    } = {},
  ): Promise<ListeningProgram> {
    const { executable = process.execPath, argv0, flags = [], host = '127.0.0.1', port = 0, uid } = options;
    const directory = mkdtempSync(join(tmpdir(), 'sealwatch-listening-'));
    const script = join(directory, 'listen.cjs');
    writeFileSync(script, SCRIPT);
    chmodSync(directory, 0o755);
    const child = spawn(executable, [script, ...flags], {
      ...(argv0 === undefined ? {} : { argv0 }),
      ...(uid === undefined ? {} : { uid, gid: uid }),
      cwd: options.cwd ?? '/',
      env: { ...options.environment, LISTEN_HOST: host, LISTEN_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<void>((resolve) =>
      child.once('close', () => {
        resolve();
      }),
    );
    const stop = async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    };
    const line = await new Promise<string | undefined>((resolve) => {
      createInterface(child.stdout).once('line', resolve);
      child.once('close', () => {
        resolve(undefined);
      });
      child.once('error', () => {
        resolve(undefined);
      });
    });
    if (line === undefined || child.pid === undefined) {
      await stop();
      throw new Error(`${executable} does not listen on ${host}`);
    }
    return new ListeningProgram({ port: Number(line), pid: child.pid, stop });
  }

  async stop(): Promise<void> {
    await this.#stop();
  }
}
