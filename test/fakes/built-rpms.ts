import { join } from 'node:path';
import { mustRun } from './run-command.js';

/** The RPMs as `npm run build:rpms` makes them; their paths, in the order agent, collector, cli. */
export async function builtRpms(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv } = {},
): Promise<readonly string[]> {
  const script = join(import.meta.dirname, '..', '..', 'scripts', 'build-rpms.mjs');
  const env = { ...process.env, ...options.env };
  const { stdout } = await mustRun([process.execPath, script, ...args], { env, timeoutMs: 300_000 });
  return stdout.trim().split('\n');
}

/** What `rpm -qp` says of a package file, line by line. */
export async function askRpm(rpm: string, ...query: string[]): Promise<readonly string[]> {
  const { stdout } = await mustRun(['rpm', '-qp', '--nosignature', ...query, rpm]);
  return stdout.trimEnd().split('\n');
}
