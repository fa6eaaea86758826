import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bootableRoot } from './bootable-root.js';
import { HostTree } from './host-tree.js';
import { type Finished, mustRun, runCommand } from './run-command.js';
import { waitUntil } from './wait-until.js';

/**
 * Joins the control groups it is given, up to `--`, and mounts in a namespace that goes away with its last process, as
 * everything in it does.
 */
const START = `
while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs"; shift; done
mount -t overlay overlay -o "lowerdir=$2,upperdir=$3/upper,workdir=$3/work" "$3/root"
shift 3
exec "$@"`;

/** All a command in there sees of it. */
const ENVIRONMENT = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LANG=C.UTF-8', 'SYSTEMD_PAGER='];

const BOOT_MS = 60_000;

/** Where control groups of either version are; each that is there is a hierarchy the booted systemd wants. */
const HIERARCHIES = ['/sys/fs/cgroup', '/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'];

/**
 * A machine of its own as far as systemd is concerned: a real one, booted with systemd-nspawn over a root file system
 * that is thrown away. It shares the network of this machine. Needs root.
 */
export class BootedSystemd {
  readonly #directory: string;
  readonly #groups: readonly string[];
  readonly #nspawn: ChildProcess;
  readonly #exited: Promise<void>;
  #console = '';
  #leader = '';

  private constructor(directory: string, groups: readonly string[], nspawn: ChildProcess) {
    this.#directory = directory;
    this.#groups = groups;
    this.#nspawn = nspawn;
    this.#exited = new Promise((resolve) =>
      nspawn.once('close', () => {
        resolve();
      }),
    );
    for (const stream of [nspawn.stdout, nspawn.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#console = (this.#console + text).slice(-20_000)));
    }
  }

  /** @param prepare puts files into the root before it is booted */
  static async boot(prepare: (tree: HostTree) => void = () => undefined): Promise<BootedSystemd> {
    const lower = await bootableRoot();
    // beside the root: an overlay's upper layer can't be on an overlay, which /tmp may be
    const directory = mkdtempSync(join(dirname(lower), 'booted-'));
    for (const name of ['upper', 'work', 'root']) mkdirSync(join(directory, name), { mode: 0o755 });
    prepare(new HostTree(join(directory, 'upper')));
    const name = `sw-${directory.slice(-6)}`;
    // under a service manager it gets a scope, which is a control group of its own
    const groups = existsSync('/run/systemd/system') ? [] : controlGroups(name);
    const options = ['--quiet', '--boot', '--register=no', '--console=pipe', `--machine=${name}`];
    if (groups.length > 0) options.push('--keep-unit');
    const nspawn = ['systemd-nspawn', ...options, '--directory', join(directory, 'root')];
    // ends with this process, whatever ends it
    const outside = ['--pdeathsig', 'KILL', 'unshare', '--mount', 'sh', '-ec', START, 'sh'];
    const argv = [...outside, ...groups, '--', lower, directory, ...nspawn];
    const booted = new BootedSystemd(directory, groups, spawn('setpriv', argv, { stdio: ['ignore', 'pipe', 'pipe'] }));
    try {
      await booted.#wait();
      return booted;
    } catch (error) {
      await booted.dispose();
      throw error;
    }
  }

  /** From outside. */
  get initPid(): number {
    return Number(this.#leader);
  }

  /** Where a path in there is seen from outside. */
  at(path: string): string {
    return `/proc/${this.#leader}/root${path}`;
  }

  /** Runs a program in there, as root. */
  run(...argv: string[]): Promise<Finished> {
    return runCommand(this.#inside(argv));
  }

  /** @throws if it ends with another status than 0 */
  async must(...argv: string[]): Promise<string> {
    return (await mustRun(this.#inside(argv))).stdout;
  }

  /** What systemd says of a unit; `NRestarts`, `ActiveState`, … */
  async property(unit: string, name: string): Promise<string> {
    return (await this.must('systemctl', 'show', '--value', '-p', name, unit)).trim();
  }

  /** From outside; 0 if it does not run. */
  async mainPid(unit: string): Promise<number> {
    const inside = await this.property(unit, 'MainPID');
    const outside = this.#descendants().find((pid) => namespacePid(pid) === inside);
    return inside === '0' || outside === undefined ? 0 : Number(outside);
  }

  async waitFor(unit: string, name: string, value: string | RegExp, timeoutMs = 30_000): Promise<void> {
    let last = '';
    const matches = (text: string): boolean => (typeof value === 'string' ? text === value : value.test(text));
    try {
      await waitUntil(
        `${unit}: ${name} is ${String(value)}`,
        async () => matches((last = await this.property(unit, name))),
        {
          timeoutMs,
          everyMs: 200,
          explain: () => last,
        },
      );
    } catch (error) {
      const { stdout } = await this.run('journalctl', '--no-pager', '-n', '60', '-u', unit);
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${stdout}`, { cause: error });
    }
  }

  /** The messages of a unit, one a line; further arguments as for journalctl. */
  journal(unit: string, ...args: string[]): Promise<string> {
    return this.must('journalctl', '--no-pager', '-q', '-o', 'cat', '-u', unit, ...args);
  }

  /** Pulls the plug, and leaves nothing behind. */
  async dispose(): Promise<void> {
    // init of a process namespace: everything in it ends with it
    if (this.#leader !== '') process.kill(Number(this.#leader), 'SIGKILL');
    else this.#nspawn.kill('SIGKILL');
    await this.#exited;
    for (const group of this.#groups) await waitUntil(`${group} is empty`, () => removeGroup(group));
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #wait(): Promise<void> {
    const explain = (): string => this.#console;
    await waitUntil('the machine has an init', () => this.#findLeader(), { timeoutMs: BOOT_MS, explain });
    await waitUntil(
      'the machine is up',
      async () => /^(running|degraded)$/m.test((await this.run('systemctl', 'is-system-running')).stdout),
      { timeoutMs: BOOT_MS, everyMs: 200, explain },
    );
    // nspawn mounts a boot id of its own over the kernel's, which a unit with ProtectKernelTunables= does not see
    await this.must('sh', '-c', 'while umount /proc/sys/kernel/random/boot_id 2>/dev/null; do :; done');
  }

  #findLeader(): boolean {
    if (this.#nspawn.exitCode !== null) throw new Error(`systemd-nspawn ended: ${this.#console}`);
    const leader = children(String(this.#nspawn.pid)).find((pid) => namespacePid(pid) === '1');
    this.#leader = leader ?? '';
    return leader !== undefined && existsSync(this.at('/run/systemd/private'));
  }

  #inside(argv: readonly string[]): string[] {
    return ['nsenter', '--target', this.#leader, '--all', 'env', '-i', '--chdir=/', ...ENVIRONMENT, ...argv];
  }

  #descendants(of = this.#leader): string[] {
    return children(of).flatMap((pid) => [pid, ...this.#descendants(pid)]);
  }
}

/** One in each hierarchy there is. */
function controlGroups(name: string): string[] {
  const groups = HIERARCHIES.filter((hierarchy) => existsSync(join(hierarchy, 'cgroup.procs'))).map((hierarchy) =>
    join(hierarchy, name),
  );
  for (const group of groups) mkdirSync(group);
  return groups;
}

/** False while there is still a process in it: init's end is not yet that of all. */
function removeGroup(group: string): boolean {
  try {
    for (const entry of readdirSync(group, { withFileTypes: true })) {
      if (entry.isDirectory()) removeGroup(join(group, entry.name));
    }
    rmdirSync(group);
    return true;
  } catch {
    return false;
  }
}

function children(pid: string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ');
  } catch {
    return [];
  }
}

/** As the process itself sees it. */
function namespacePid(pid: string): string | undefined {
  try {
    return /^NSpid:.*\s(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
