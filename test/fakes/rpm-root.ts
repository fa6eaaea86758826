import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from './run-command.js';

const SPEC = `Name: victim
Epoch: 1
Version: 1.2
Release: 3
Summary: A library and a file
License: none
BuildArch: noarch
%global _build_id_links none
%define __os_install_post %{nil}
%description
A library and a file.
%install
mkdir -p %{buildroot}/lib64 %{buildroot}/usr/share
cp %{library} %{buildroot}/lib64/libvictim.so.1
touch '%{buildroot}/usr/share/a file'
%files
/lib64/libvictim.so.1
"/usr/share/a file"
`;

/** A directory with a real RPM database in it: one package with a library, built here, signed or not. */
export class RpmRoot {
  readonly root: string;
  readonly #work: string = mkdtempSync(join(tmpdir(), 'sealwatch-rpm-'));

  constructor() {
    this.root = join(this.#work, 'root');
  }

  /** @returns the id of the key that signed it, or null */
  async install(library: string, signed: boolean): Promise<string | null> {
    const work = this.#work;
    const env = { PATH: process.env['PATH'], HOME: work, GNUPGHOME: join(work, 'gnupg') };
    const run = (...argv: string[]): Promise<{ stdout: string }> => mustRun(argv, { env, cwd: work });
    mkdirSync(this.root);
    writeFileSync(join(work, 'victim.spec'), SPEC);
    const define = ['--define', `_topdir ${work}/build`, '--define', `_rpmdir ${work}/rpms`];
    await run('rpmbuild', '-bb', '--quiet', ...define, '--define', `library ${library}`, 'victim.spec');
    const rpm = join(work, 'rpms/noarch', readdirSync(join(work, 'rpms/noarch'))[0] ?? '');
    let signer: string | null = null;
    if (signed) {
      mkdirSync(env.GNUPGHOME, { mode: 0o700 });
      const quiet = ['--batch', '--quiet', '--passphrase', ''];
      await run('gpg', ...quiet, '--quick-gen-key', 'Vendor <vendor@example.org>', 'rsa3072', 'sign', 'never');
      await run('rpmsign', '--define', '_gpg_name Vendor', '--define', '__gpg /usr/bin/gpg', '--addsign', rpm);
      const { stdout } = await run('gpg', '--list-keys', '--with-colons');
      signer = /^pub:[^:]*:[^:]*:[^:]*:([0-9A-F]{16}):/m.exec(stdout)?.[1]?.toLowerCase() ?? null;
      await run('gpgconf', '--kill', 'gpg-agent');
    }
    await run('rpm', '--root', this.root, '--dbpath', '/var/lib/rpm', '--nodeps', '--nosignature', '-i', rpm);
    // writes the database anew, so that all of it is in one file
    await run('rpm', '--root', this.root, '--dbpath', '/var/lib/rpm', '--rebuilddb');
    return signer;
  }

  remove(): void {
    rmSync(this.#work, { recursive: true, force: true });
  }
}
