import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from './run-command.js';

/** Of root's own: a tree that everybody could have prepared must not be booted. */
const CACHE = '/var/cache/sealwatch-test';
const SUITE = 'bookworm';
/** Systemd 252, as RHEL 9 has it; rpm for the packages; Node's C++ library; openssl for a TLS service; getcap. */
const PACKAGES = ['systemd', 'systemd-sysv', 'dbus', 'rpm', 'procps', 'libstdc++6', 'openssl', 'libcap2-bin'];
const MIRROR = 'http://deb.debian.org/debian';

/** A small Debian that systemd can boot, not to be written to. Made once, in about a minute, and kept. Needs root. */
export async function bootableRoot(): Promise<string> {
  const recipe = createHash('sha256')
    .update(JSON.stringify([SUITE, PACKAGES]))
    .digest('hex')
    .slice(0, 12);
  const kept = join(CACHE, `bootable-root-${recipe}`);
  if (existsSync(kept)) return kept;
  mkdirSync(CACHE, { recursive: true, mode: 0o700 });
  const scratch = mkdtempSync(join(CACHE, 'making-'));
  try {
    const root = join(scratch, 'root');
    const include = `--include=${PACKAGES.join(',')}`;
    await mustRun(['debootstrap', '--variant=minbase', include, SUITE, root, MIRROR], { timeoutMs: 300_000 });
    for (const rest of ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc']) {
      rmSync(join(root, rest), { recursive: true, force: true });
    }
    renameSync(root, kept);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return kept;
}
