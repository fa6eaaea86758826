import { type ChildProcess, spawn } from 'node:child_process';

/** A long-running program under test: its output is kept, and it never outlives the test. */
export class Daemon {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #output = '';

  constructor(argv: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
    const [command = '', ...args] = argv;
    this.#child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output = (this.#output + text).slice(-200_000)));
    }
    this.#exited = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.once('error', (error) => (this.#output += error.message));
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get output(): string {
    return this.#output;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** SIGTERM, and SIGKILL if that is not enough. Returns the exit status; null if a signal ended it. */
  async stop(patienceMs = 10_000): Promise<number | null> {
    if (this.running) this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    const status = await this.#exited;
    clearTimeout(timer);
    return status;
  }

  /** As if the machine lost power. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  exited(): Promise<number | null> {
    return this.#exited;
  }
}
