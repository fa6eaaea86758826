import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../fakes/run-command.js';

/** What one of its checks said, and how long it took in milliseconds. */
export interface AideCheck {
  readonly sees: boolean;
  readonly ms: number;
}

/** Contents, permissions, owners, attributes; not what also changes when a file is put back as it was. */
const ATTRIBUTES = 'p+u+g+ftype+l+sha256+xattrs+caps';
/** Bits of its exit status: files that were added, removed, changed (aide(1)). */
const DIFFERENCES = 7;

/** AIDE, with a data base of the same files as they were at the last `learn`. */
export class Aide {
  readonly #config: string;
  readonly #directory: string;

  /** @param paths directories without any signs that mean something in a regular expression */
  constructor(directory: string, paths: readonly string[]) {
    this.#directory = directory;
    this.#config = join(directory, 'aide.conf');
    const lines = [
      `database_in=file:${join(directory, 'aide.db')}`,
      `database_out=file:${join(directory, 'aide.new')}`,
      'gzip_dbout=no',
      'log_level=error',
      'report_url=stdout',
      ...paths.map((path) => `${path} ${ATTRIBUTES}`),
    ];
    writeFileSync(this.#config, `${lines.join('\n')}\n`);
  }

  async learn(): Promise<void> {
    const { status, stderr } = await this.#run('--init');
    if (status !== 0) throw new Error(`aide --init: ${String(status)} ${stderr}`);
    renameSync(join(this.#directory, 'aide.new'), join(this.#directory, 'aide.db'));
  }

  async check(): Promise<AideCheck> {
    const started = performance.now();
    const { status, stderr } = await this.#run('--check');
    if (status === null || status > DIFFERENCES) throw new Error(`aide --check: ${String(status)} ${stderr}`);
    return { sees: status !== 0, ms: performance.now() - started };
  }

  #run(command: string): ReturnType<typeof runCommand> {
    return runCommand(['aide', '--config', this.#config, command]);
  }
}
