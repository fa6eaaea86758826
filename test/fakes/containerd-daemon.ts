import { mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImageArchive, imageArchive, type LayerFiles } from './containerd-image.js';
import { Daemon } from './daemon.js';
import { mustRun, runCommand } from './run-command.js';
import { waitUntil } from './wait-until.js';

const NAMESPACE = 'k8s.io';

export interface RunOptions {
  readonly image: string;
  /** Made unique: runc's state is shared by all containerds of a machine. */
  readonly name: string;
  readonly snapshotter?: 'overlayfs' | 'native';
  readonly labels?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly command?: readonly string[];
}

/** A real containerd with its own root, state and socket in a temporary directory; needs root, containerd and runc. */
export class ContainerdDaemon {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'sealwatch-containerd-'));
  readonly socket: string = join(this.directory, 'c.sock');
  readonly root: string = join(this.directory, 'root');
  readonly #started: { id: string; pid: number }[] = [];
  #daemon: Daemon | undefined;

  static async start(): Promise<ContainerdDaemon> {
    const containerd = new ContainerdDaemon();
    try {
      await containerd.launch();
      return containerd;
    } catch (error) {
      await containerd.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.#daemon?.pid ?? -1;
  }

  /** As after `start`, or again after `kill`: the same root, the same containers. */
  async launch(): Promise<void> {
    const config = join(this.directory, 'config.toml');
    writeFileSync(config, configuration(this.directory, this.root, this.socket));
    const daemon = new Daemon(['containerd', '--config', config]);
    this.#daemon = daemon;
    await waitUntil(
      'containerd answers',
      async () => (await runCommand(this.#ctr(['version']), { timeoutMs: 5000 })).status === 0,
      { explain: () => daemon.output },
    );
  }

  /** As a crash: what it started goes on. */
  async kill(): Promise<void> {
    await this.#daemon?.kill();
  }

  /** Resolves when it really stands still: on a busy machine its threads go on for a moment. */
  async freeze(): Promise<void> {
    this.#daemon?.signal('SIGSTOP');
    await waitUntil('containerd stands still', () => threadStates(this.pid).every((state) => state === 'T'), {
      everyMs: 2,
    });
  }

  thaw(): void {
    this.#daemon?.signal('SIGCONT');
  }

  /** Runs `ctr` to success; what it printed. */
  ctr(...args: string[]): Promise<string> {
    return this.ctrIn(NAMESPACE, ...args);
  }

  async ctrIn(namespace: string, ...args: string[]): Promise<string> {
    return (await mustRun(this.#ctr(args, namespace))).stdout;
  }

  async addImage(name: string, layers: readonly LayerFiles[]): Promise<Omit<ImageArchive, 'file' | 'remove'>> {
    const archive = await imageArchive(name, layers);
    try {
      await this.ctr('images', 'import', archive.file);
      return archive;
    } finally {
      archive.remove();
    }
  }

  /** Starts a container in the background. Its first process is up when this returns. */
  async run(options: RunOptions): Promise<{ id: string; pid: number }> {
    const { image, name, snapshotter = 'overlayfs', labels = {}, flags = [], command = ['/bin/sleep', '1d'] } = options;
    const id = `${name}-${this.directory.slice(-6)}`;
    const labelled = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
    const started = { id, pid: 0 };
    this.#started.push(started);
    const run = ['run', '-d', '--snapshotter', snapshotter, ...labelled, ...flags, image, id, ...command];
    await this.ctr(...run).catch((error: unknown) => {
      // containerd collected what was unpacked for a container that has just ended, after it had told ctr that it is there
      if (!/parent snapshot \S+ does not exist/.test(String(error))) throw error;
      return this.ctr(...run);
    });
    const line = (await this.ctr('tasks', 'ls')).split('\n').find((text) => text.startsWith(`${id} `));
    started.pid = Number(line?.split(/\s+/)[1]);
    return started;
  }

  async removeTask(id: string): Promise<void> {
    await this.ctr('tasks', 'rm', '-f', id);
  }

  /** Ends and removes everything it started, by id, whatever state it is in. */
  async stop(): Promise<void> {
    this.thaw();
    if (this.#started.length > 0 && this.#daemon?.running !== true) await this.launch().catch(() => undefined);
    for (const { id } of this.#started) {
      await runCommand(this.#ctr(['tasks', 'rm', '-f', id]), { timeoutMs: 10_000 });
      await runCommand(this.#ctr(['containers', 'rm', id]), { timeoutMs: 10_000 });
    }
    for (const pid of [...this.#started.map(({ pid }) => pid), ...shimsOf(this.socket)]) killIfThere(pid);
    await this.#daemon?.stop();
    for (const mount of mountsBelow(this.directory)) await runCommand(['umount', '-l', mount]);
    for (const { id } of this.#started) removeCgroups(id);
    rmSync(this.directory, { recursive: true, force: true });
  }

  #ctr(args: readonly string[], namespace = NAMESPACE): string[] {
    return ['ctr', '-a', this.socket, '-n', namespace, ...args];
  }
}

function configuration(directory: string, root: string, socket: string): string {
  return `version = 2
root = "${root}"
state = "${join(directory, 'state')}"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs", "io.containerd.internal.v1.tracing"]
[grpc]
  address = "${socket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${join(directory, 'opt')}"
`;
}

function threadStates(pid: number): string[] {
  const threads = `/proc/${String(pid)}/task`;
  return readdirSync(threads).map((id) => /\) (\S)/.exec(readFileSync(`${threads}/${id}/stat`, 'latin1'))?.[1] ?? '');
}

/** The shims of one containerd say its address on their command line. */
function shimsOf(socket: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return args[0]?.includes('containerd-shim') === true && args.includes(socket);
      } catch {
        return false;
      }
    })
    .map(Number);
}

function killIfThere(pid: number): void {
  try {
    if (pid > 1) process.kill(pid, 'SIGKILL');
  } catch {
    // it is gone already
  }
}

function mountsBelow(directory: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith(`${directory}/`))
    .reverse();
}

function removeCgroups(id: string): void {
  for (const controller of readdirSync('/sys/fs/cgroup')) {
    try {
      rmdirSync(join('/sys/fs/cgroup', controller, NAMESPACE, id));
    } catch {
      // runc has removed it, or there never was one
    }
  }
}
