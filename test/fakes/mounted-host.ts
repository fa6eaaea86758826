import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/**
 * A tree that is really the root of an init of its own: with its own mount and process namespaces and a real procfs.
 * Seen from outside as an agent sees a host. Needs root.
 */
export class MountedHost {
  /** What an agent would be given: `/proc/PID/root`. */
  readonly hostRoot: string;
  readonly #tree: string;
  readonly #init: ChildProcess;
  readonly #pid: string;

  private constructor(tree: string, init: ChildProcess, pid: string) {
    this.#tree = tree;
    this.#init = init;
    this.#pid = pid;
    this.hostRoot = `/proc/${pid}/root`;
  }

  /** @param tree a directory with an empty `proc` in it */
  static async start(tree: string): Promise<MountedHost> {
    const script = 'mount --bind "$0" "$0" && mount -t proc proc "$0/proc" && exec perl -e "$1" "$0"';
    // lives until its standard input is closed: also if this process dies
    const init = 'chroot $ARGV[0] or die; chdir "/"; $| = 1; print "ready\n"; <STDIN>';
    const child = spawn('unshare', ['--mount', '--pid', '--fork', 'sh', '-c', script, tree, init], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      const [ready] = (await once(child.stdout, 'data')) as [Buffer];
      if (ready.toString() !== 'ready\n') throw new Error(`the host did not start: ${ready.toString()}`);
      const parent = String(child.pid);
      const pid = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim();
      return new MountedHost(tree, child, pid);
    } catch (error) {
      child.stdin.end();
      child.kill();
      throw error;
    }
  }

  /** mount(8) in the host's namespace; the last path is one of the host's. */
  mount(args: readonly string[], path: string): void {
    this.#run('mount', [...args, this.at(path)]);
  }

  unmount(path: string): void {
    this.#run('umount', [this.at(path)]);
  }

  /** The same path seen from outside of the host's root. */
  at(path: string): string {
    return `${this.#tree}${path}`;
  }

  async stop(): Promise<void> {
    if (this.#init.exitCode !== null) return;
    const exited = once(this.#init, 'exit');
    this.#init.stdin?.end();
    await exited;
  }

  #run(program: string, args: readonly string[]): void {
    execFileSync('nsenter', [`--mount=/proc/${this.#pid}/ns/mnt`, program, ...args], { stdio: 'pipe' });
  }
}
