import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerdDaemon } from './containerd-daemon.js';
import { mustRun, runCommand } from './run-command.js';

/**
 * Makes a directory that stands for a host's root show what a host with this containerd shows: the directories of the
 * daemon where it has them, and processes of this machine. Needs root.
 */
export class ContainerdHost {
  readonly #root: string;
  readonly #mounted: string[] = [];

  private constructor(root: string) {
    this.#root = root;
  }

  /** @param processes `/proc`, or the one of a single process where the tree has a procfs of its own */
  static async show(daemon: ContainerdDaemon, root: string, processes = '/proc'): Promise<ContainerdHost> {
    const host = new ContainerdHost(root);
    try {
      await host.#show(daemon.directory);
      await host.#show(processes);
      return host;
    } catch (error) {
      await host.dispose();
      throw error;
    }
  }

  async #show(path: string): Promise<void> {
    const at = join(this.#root, path);
    mkdirSync(at, { recursive: true });
    await mustRun(['mount', '--rbind', '--make-private', path, at]);
    this.#mounted.push(at);
  }

  async dispose(): Promise<void> {
    for (const at of this.#mounted.splice(0).reverse()) await runCommand(['umount', '-l', at]);
  }
}
