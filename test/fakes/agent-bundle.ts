import { join } from 'node:path';
import { mustRun } from './run-command.js';

/** The agent as one file, as a package carries it, made from the sources as they are. */
export async function agentBundle(directory: string): Promise<string> {
  await mustRun([process.execPath, 'scripts/bundle-agent.mjs', directory], {
    cwd: join(import.meta.dirname, '..', '..'),
    timeoutMs: 60_000,
  });
  return join(directory, 'sealwatch-agent.cjs');
}
