import { type BigIntStats, fstatSync } from 'node:fs';
import { basename } from 'node:path';
import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import type { EnvironmentVariable } from '@sealwatch/shared/proc/security-variables.js';
import { fileId } from './file-id.js';

/** What somebody forces into a process. */
export interface Preloads {
  /** Whether a mapped file is one of them: by name, or the very file. */
  has(path: Buffer, stat: BigIntStats | undefined): boolean;
}

const FORCING: readonly string[] = ['LD_PRELOAD', 'LD_AUDIT'];
const MAX_NAMES = 64;

/**
 * @param root from where the process's paths are seen
 * @param listed what `/etc/ld.so.preload` names
 */
export async function findPreloads(
  root: string,
  variables: readonly EnvironmentVariable[],
  listed: readonly Buffer[],
): Promise<Preloads> {
  const inEnvironment = variables
    .filter(({ name }) => FORCING.includes(name))
    .flatMap(({ value }) => value.toString('latin1').split(/[\s:]+/));
  const names = [...inEnvironment, ...listed.map((name) => name.toString('latin1'))]
    .filter((name) => name !== '')
    .slice(0, MAX_NAMES);
  const baseNames = new Set(names.map((name) => basename(name)));
  const files = new Set<string>();
  for (const name of names) {
    if (!name.startsWith('/')) continue;
    const opened = await openBelow(root, Buffer.from(name, 'latin1'));
    if (opened.state !== 'opened') continue;
    files.add(fileId(fstatSync(opened.fd, { bigint: true })));
    await opened.close();
  }
  return {
    has: (path, stat) =>
      baseNames.has(basename(path.toString('latin1'))) || (stat !== undefined && files.has(fileId(stat))),
  };
}
