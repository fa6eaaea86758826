import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from './run-command.js';

/**
 * Unpacks packages of another Debian suite into a directory of their own, once; nothing is installed. Asks where this
 * machine gets its packages from, and fails if they can't be had.
 */
export async function unpackDebianPackages(suite: string, names: readonly string[], directory: string): Promise<void> {
  if (existsSync(directory)) return;
  const making = `${directory}.${String(process.pid)}`;
  for (const folder of ['lists/partial', 'cache/archives/partial', 'packages', 'root']) {
    mkdirSync(join(making, folder), { recursive: true });
  }
  try {
    writeFileSync(join(making, 'sources.list'), `${await mainSource(suite)}\n`);
    const apt = [
      'apt-get',
      ...['-qq', '-o', `Dir::Etc::sourcelist=${join(making, 'sources.list')}`, '-o', 'Dir::Etc::sourceparts=-'],
      ...['-o', `Dir::State::lists=${join(making, 'lists')}`, '-o', `Dir::Cache=${join(making, 'cache')}`],
      ...['-o', 'APT::Sandbox::User=root'],
    ];
    const packages = join(making, 'packages');
    await mustRun([...apt, 'update'], { timeoutMs: 120_000 });
    await mustRun([...apt, 'download', ...names], { cwd: packages, timeoutMs: 300_000 });
    for (const file of readdirSync(packages)) await mustRun(['dpkg', '-x', join(packages, file), join(making, 'root')]);
    renameSync(join(making, 'root'), directory);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** Of the package debian-archive-keyring. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

async function mainSource(suite: string): Promise<string> {
  const format = '$(REPO_URI) $(COMPONENT)';
  const { stdout } = await mustRun([
    'apt-get',
    'indextargets',
    '--format',
    format,
    'Created-By: Packages',
    'Label: Debian',
  ]);
  const uri = /^(\S+) main$/m.exec(stdout)?.[1];
  if (uri === undefined) throw new Error('this machine has no source of Debian packages');
  return `deb [signed-by=${KEYRING}] ${uri} ${suite} main`;
}
