import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command.js';

/** What testssl finds, by our names of versions, with the registered names of suites. */
export async function testsslSuites(port: number): Promise<ReadonlyMap<string, readonly string[]>> {
  const directory = mkdtempSync(join(tmpdir(), 'sealwatch-testssl-'));
  const file = join(directory, 'found.json');
  try {
    const argv = ['testssl', '-E', '--quiet', '--color', '0', '--warnings', 'off', '--jsonfile', file];
    // its exit status counts what it thinks is wrong with the server
    await runCommand([...argv, `127.0.0.1:${String(port)}`], { timeoutMs: 170_000, cwd: directory });
    const found = new Map<string, string[]>();
    const entries = JSON.parse(readFileSync(file, 'utf8')) as { id: string; finding: string }[];
    for (const { id, finding } of entries) {
      const [, family, number] = /^cipher-(tls|ssl)([\d_]+)_x/.exec(id) ?? [];
      const suite = /((?:TLS|SSL)_\w+)$/.exec(finding.trim())?.[1];
      if (family === undefined || number === undefined || suite === undefined) continue;
      const version = `${family.toUpperCase()} ${number.length === 1 ? `${number}.0` : number.replace('_', '.')}`;
      found.set(version, [...(found.get(version) ?? []), suite]);
    }
    return found;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
