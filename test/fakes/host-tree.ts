import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A directory that stands for a host's root, with real files in it. */
export class HostTree {
  readonly root: string;

  /** @param root a directory that is there; default: a new one */
  constructor(root: string = mkdtempSync(join(tmpdir(), 'sealwatch-host-'))) {
    this.root = root;
  }

  /** Where a path of the host is on this machine. */
  at(path: string): string {
    return join(this.root, path);
  }

  write(path: string, content: string | Buffer = ''): this {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), content);
    return this;
  }

  directory(path: string): this {
    mkdirSync(this.at(path), { recursive: true });
    return this;
  }

  link(path: string, target: string): this {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    symlinkSync(target, this.at(path));
    return this;
  }

  /** Puts a link in the place of whatever is there. */
  replace(path: string, target: string): this {
    rmSync(this.at(path), { recursive: true });
    return this.link(path, target);
  }

  /** What the kernel says in /proc; without a value it has a /proc but no FIPS switch. */
  fips(value?: string): this {
    this.directory('/proc/sys/kernel');
    return value === undefined ? this : this.write('/proc/sys/crypto/fips_enabled', `${value}\n`);
  }

  remove(): void {
    // rm walks with descriptors: it also removes what is too deep for a path
    execFileSync('rm', ['-rf', this.root]);
  }
}
