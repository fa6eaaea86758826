import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Daemon } from './daemon.js';
import { type Finished, mustRun, runCommand } from './run-command.js';

/** What the packages' programs and scriptlets call: copied with the libraries they need, so rpm finds real provides. */
const PROGRAMS = ['/bin/busybox', '/usr/sbin/groupadd', '/usr/sbin/useradd', '/usr/bin/getent'];
const APPLETS = ['sh', 'cat', 'ls', 'env'];
/** Libraries that programs of Node need and none of those above. */
const LIBRARIES = ['libstdc++.so.6', 'libm.so.6', 'libgcc_s.so.1', 'libdl.so.2', 'libpthread.so.0', 'libc.so.6'];

const ENVIRONMENT = { PATH: '/usr/bin:/usr/sbin:/bin' };

/** Says what it is called with, in /systemctl.log. */
const SYSTEMCTL = '#!/bin/sh\necho "$*" >> /systemctl.log\n';

const SPEC = `Name: base
Version: 1
Release: 1
Summary: What a minimal system has
License: none
Provides: systemd, shadow-utils, rtld(GNU_HASH)
%global debug_package %{nil}
%global _build_id_links none
%global __os_install_post %{nil}
%global _binary_payload w1.gzdio
%description
What a minimal system has.
%install
cp -a %{files_to_install} %{buildroot}
%files
/*
`;

/**
 * A directory with a small system in it, installed by rpm from a package made of this machine's own programs: enough for
 * dnf to resolve what our packages require, and to run their scriptlets and programs below `chroot`.
 */
export class InstallRoot {
  readonly root: string;
  readonly repository: string;
  readonly #work: string = mkdtempSync(join(tmpdir(), 'sealwatch-install-'));

  private constructor() {
    this.root = join(this.#work, 'root');
    this.repository = join(this.#work, 'repository');
  }

  static async create(): Promise<InstallRoot> {
    const made = new InstallRoot();
    try {
      await made.#fill();
      return made;
    } catch (error) {
      made.remove();
      throw error;
    }
  }

  async #fill(): Promise<void> {
    const files = join(this.#work, 'files');
    await layOut(files);
    await this.#buildStub('base', SPEC, ['--define', `files_to_install ${files}/.`]);
    rmSync(files, { recursive: true });
    await this.publish([]);
    await this.mustInstall('base');
    for (const name of ['dev', 'proc']) mkdirSync(join(this.root, name), { recursive: true });
    await mustRun(['mknod', '-m', '666', join(this.root, 'dev', 'null'), 'c', '1', '3']);
  }

  /** Puts a package that provides just these names into the repository. */
  async provide(name: string, provides: readonly string[]): Promise<void> {
    const lines = ['Version: 1', 'Release: 1', 'Summary: A stub', 'License: none', 'BuildArch: noarch'];
    const spec = [`Name: ${name}`, ...lines, ...provides.map((text) => `Provides: ${text}`), '%description', 'A stub.'];
    await this.#buildStub(name, [...spec, '%files', ''].join('\n'), []);
  }

  async #buildStub(name: string, spec: string, define: readonly string[]): Promise<void> {
    const file = join(this.#work, `${name}.spec`);
    writeFileSync(file, spec);
    const into = ['--define', `_topdir ${this.#work}/build`, '--define', `_rpmdir ${this.repository}`];
    await mustRun(['rpmbuild', '-bb', '--quiet', ...into, ...define, file]);
  }

  /** Has these of our packages in the repository, and no others. */
  async publish(rpms: readonly string[]): Promise<void> {
    for (const file of readdirSync(this.repository)) {
      if (file.startsWith('sealwatch')) rmSync(join(this.repository, file));
    }
    for (const rpm of rpms) copyFileSync(rpm, join(this.repository, rpm.slice(rpm.lastIndexOf('/') + 1)));
    await mustRun(['createrepo_c', '--quiet', this.repository]);
  }

  /** `dnf` with the repository alone; without `gpgKey` it does not look at signatures. */
  dnf(args: readonly string[], options: { root?: string; gpgKey?: string } = {}): Promise<Finished> {
    const { root = this.root, gpgKey } = options;
    const config = join(this.#work, 'dnf.conf');
    // it tells one index from the next by the second
    const cache = join(this.#work, 'cache');
    rmSync(cache, { recursive: true, force: true });
    const check = gpgKey === undefined ? 'gpgcheck=0' : `gpgcheck=1\ngpgkey=file://${gpgKey}`;
    const main = '[main]\nplugins=0\ntsflags=\ninstall_weak_deps=0\n';
    writeFileSync(config, `${main}[local]\nname=local\nbaseurl=file://${this.repository}\n${check}\n`);
    const dirs = ['reposdir=/none', 'varsdir=/none', `cachedir=${cache}`, 'logdir=/var/log'];
    const settings = dirs.map((dir) => `--setopt=${dir}`);
    mkdirSync(join(root, 'var', 'log'), { recursive: true });
    const own = ['--installroot', root, '--config', config, '--releasever=9', '--noplugins', ...settings];
    // as on a host that is set up by a STIG
    const strict = ['sh', '-c', 'umask 077; exec "$@"', 'sh'];
    return runCommand([...strict, 'dnf', '-y', '--quiet', ...own, ...args], { timeoutMs: 120_000 });
  }

  /** Whoever signed it. */
  async mustInstall(...packages: string[]): Promise<void> {
    const { status, stderr } = await this.dnf(['install', ...packages]);
    if (status !== 0) throw new Error(`dnf install ${packages.join(' ')}: exit ${String(status)}\n${stderr}`);
  }

  rpm(...args: string[]): Promise<Finished> {
    return runCommand(['rpm', '--root', this.root, '--force-debian', ...args]);
  }

  /** A program of the root, as it would run there. */
  run(...argv: string[]): Promise<Finished> {
    return runCommand(this.#inside(argv), { env: ENVIRONMENT });
  }

  mustRun(...argv: string[]): Promise<Finished> {
    return mustRun(this.#inside(argv), { env: ENVIRONMENT });
  }

  start(...argv: string[]): Daemon {
    return new Daemon(this.#inside(argv), { env: ENVIRONMENT });
  }

  /** With a /proc, in a mount namespace that ends with the program. */
  #inside(argv: readonly string[]): readonly string[] {
    const script = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';
    return ['unshare', '--mount', 'sh', '-c', script, this.root, ...argv];
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  write(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text, { mode });
  }

  /** What the scriptlets asked of systemd since the last time. */
  systemctlCalls(): readonly string[] {
    const calls = this.read('systemctl.log').trimEnd().split('\n');
    this.write('systemctl.log', '');
    return calls;
  }

  remove(): void {
    rmSync(this.#work, { recursive: true, force: true });
  }
}

async function layOut(files: string): Promise<void> {
  const put = (from: string, to: string): void => {
    mkdirSync(dirname(join(files, to)), { recursive: true });
    copyFileSync(from, join(files, to));
    // rpm looks into what can be executed
    chmodSync(join(files, to), 0o755);
  };
  const libraries = readdirSync('/lib/x86_64-linux-gnu').filter((name) => LIBRARIES.includes(name));
  const needed = [...PROGRAMS, ...libraries.map((name) => `/lib/x86_64-linux-gnu/${name}`)];
  for (const path of needed) put(path, path);
  for (const path of needed) {
    // a static program has none
    const { stdout } = await runCommand(['ldd', path]);
    for (const [, library = ''] of stdout.matchAll(/(\/lib\S+) \(0x/g)) put(library, library);
  }
  for (const applet of APPLETS) put('/bin/busybox', `/bin/${applet}`);
  for (const path of ['etc', 'tmp', 'root', 'var/log', 'usr/bin']) mkdirSync(join(files, path), { recursive: true });
  writeFileSync(join(files, 'usr/bin/systemctl'), SYSTEMCTL, { mode: 0o755 });
  writeFileSync(join(files, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(files, 'etc/group'), 'root:x:0:\n');
}
