// A package of npm's registry, as the file the registry hands out: of one version, with one digest, or not at all.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Kept beside node_modules, and checked again at each use.
 * @param integrity as package-lock.json has it: sha512-BASE64
 * @returns the path of its .tgz
 */
export function registryPackage(project, { name, version, integrity }) {
  const cache = join(project, 'node_modules', '.cache', 'sealwatch-rpm');
  const kept = join(cache, `${name}-${version}.tgz`);
  if (!existsSync(kept)) {
    mkdirSync(cache, { recursive: true });
    const scratch = mkdtempSync(join(cache, 'fetch-'));
    try {
      const packed = execFileSync('npm', ['pack', '--silent', `${name}@${version}`], {
        cwd: scratch,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      renameSync(join(scratch, packed.trim()), kept);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  const found = `sha512-${createHash('sha512').update(readFileSync(kept)).digest('base64')}`;
  if (found === integrity) return kept;
  rmSync(kept);
  throw new Error(`${name}@${version} is not what was expected: ${found}, not ${integrity}; it was thrown away`);
}
