// better-sqlite3 for the collector's package: of the release in package-lock.json, the JavaScript and one native module.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { registryPackage } from './registry-package.mjs';

const NAME = 'better-sqlite3-napi';

/**
 * @param home the directory of the collector's program
 * @param compiled a better_sqlite3.node made elsewhere, or undefined for the published one
 * @returns the directory it is in
 */
export function stageSqlite(project, home, compiled) {
  const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
  const { name, version, integrity } = lock.packages[`node_modules/${NAME}`];
  const archive = registryPackage(project, { name, version, integrity });
  const folder = join(home, 'node_modules', NAME);
  mkdirSync(folder, { recursive: true });
  const wanted = ['lib', 'prebuilds', 'package.json', 'LICENSE'].map((entry) => `package/${entry}`);
  execFileSync('tar', ['-xzf', archive, '-C', folder, '--strip-components=1', '--no-same-owner', ...wanted]);
  // where node-gyp leaves what it compiles, whoever compiled this
  const native = join(folder, 'build', 'Release', 'better_sqlite3.node');
  mkdirSync(dirname(native), { recursive: true });
  const published = join(folder, 'prebuilds', `linux-${process.arch}.node`);
  if (compiled === undefined) renameSync(published, native);
  else copyFileSync(compiled, native);
  // rpm looks for what a library needs only if it can be executed
  chmodSync(native, 0o755);
  rmSync(join(folder, 'prebuilds'), { recursive: true });
  return folder;
}
