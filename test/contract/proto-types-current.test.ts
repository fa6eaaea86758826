import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

function filesBelow(directory: string): Map<string, string> {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(names.sort().map((name) => [name.slice(directory.length), readFileSync(name, 'utf8')]));
}

it('has the committed wire types as the protocol files make them', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'sealwatch-wire-'));
  try {
    const out = join(scratch, 'generated');
    execFileSync('bash', [join(root, 'scripts/generate-wire-types.sh'), out], { stdio: 'pipe' });
    expect(filesBelow(out)).toEqual(filesBelow(join(root, 'shared/src/wire/generated')));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}, 60_000);
