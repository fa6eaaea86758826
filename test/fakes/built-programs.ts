import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCommand } from './run-command.js';

const PROJECT = join(import.meta.dirname, '..', '..');
const WORKSPACES = ['shared', 'agent', 'collector'];

/**
 * Brings every `dist` up to its sources, for tests that start programs or threads. Costs a look at the files if
 * nothing changed. Test files that run at the same time build once: a kernel lock, which a killed run leaves free.
 */
export async function builtPrograms(): Promise<void> {
  if (outdated() === undefined) return;
  const cache = join(PROJECT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const build = await runCommand(['flock', join(cache, 'sealwatch-build.lock'), 'npx', '--no-install', 'tsc', '-b'], {
    cwd: PROJECT,
    timeoutMs: 180_000,
  });
  const left = outdated('missing');
  if (build.status !== 0 && left !== undefined)
    throw new Error(`${left} was not built:\n${build.stdout}${build.stderr}`);
}

/** Where a built file is: `builtFile('collector', 'store/sqlite/store-worker.js')`. */
export function builtFile(workspace: string, path: string): URL {
  return pathToFileURL(join(PROJECT, workspace, 'dist', path));
}

/** A source whose output is missing or older, if there is one. */
function outdated(only?: 'missing'): string | undefined {
  for (const workspace of WORKSPACES) {
    const sources = join(PROJECT, workspace, 'src');
    for (const entry of readdirSync(sources, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.name.endsWith('.d.ts')) continue;
      const source = join(entry.parentPath, entry.name);
      const output = join(PROJECT, workspace, 'dist', relative(sources, source).replace(/\.ts$/, '.js'));
      const made = statSync(output, { throwIfNoEntry: false })?.mtimeMs;
      if (made === undefined || (only === undefined && made < statSync(source).mtimeMs)) return source;
    }
  }
  return undefined;
}
