import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { type ChildProcess, spawn } from 'node:child_process';

/** How long a program may take to end by itself before it is killed. */
const PATIENCE_MS = 15_000;

/** One of our programs, run for as long as `up` runs. What it says goes to standard error, as it says it. */
export class ChildProgram {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;

  constructor(name: string, argv: readonly string[], io: Io) {
    this.name = name;
    const [command = '', ...args] = argv;
    this.#child = spawn(command, args, { cwd: io.cwd, env: io.env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => void io.err.write(text));
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        resolve(`could not be started: ${reasonOf(error)}`);
      });
      this.#child.once('close', (status, signal) => {
        resolve(status === null ? `was ended by ${String(signal)}` : `ended with exit status ${String(status)}`);
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Null while it runs, and if a signal ended it. */
  get exitStatus(): number | null {
    return this.#child.exitCode;
  }

  /** Resolves when it is gone, with how that came. */
  ended(): Promise<string> {
    return this.#ended;
  }

  /** Runs a program to its end. @throws CodedError('internal') unless it exits with 0 */
  async finished(): Promise<void> {
    const how = await this.#ended;
    if (this.#child.exitCode !== 0) throw new CodedError('internal', `${this.name} ${how}; what it said is above`);
  }

  /** SIGTERM, and SIGKILL if that is not enough. Does nothing to a program that is gone. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    await this.#ended;
    clearTimeout(timer);
  }
}
