import { readFile, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError, errnoOf, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { ensurePrivateDirectory, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import type { StatePaths } from './state-paths.js';

/**
 * One running agent per state directory. Node has no flock, so each program puts down a claim named after itself
 * (process id, its start time, the boot) and only then looks for claims of others that still live. Of two that start
 * together the later looker sees the other; both may give way, never both go on. A claim left by kill -9 names a
 * process that is no more: it blocks nobody and is cleared away, without a race, because nobody else has its name.
 */
export class StateLock {
  readonly #claim: string;

  private constructor(claim: string) {
    this.#claim = claim;
  }

  /** @throws CodedError('store.unavailable') while another agent runs on this state directory */
  static async take({ lock, stateDir }: Pick<StatePaths, 'lock' | 'stateDir'>): Promise<StateLock> {
    await ensurePrivateDirectory(lock);
    const own = await claimOf(process.pid);
    if (own === undefined) throw new CodedError('store.unavailable', '/proc is not mounted; the agent needs it');
    const claim = join(lock, own);
    try {
      await writePrivateFile(claim, '', { existing: 'create' });
    } catch (error) {
      throw isCoded(error, 'config.exists') ? inUse(stateDir, String(process.pid)) : error;
    }
    for (const other of await readdir(lock)) {
      if (other === own || other.startsWith('.')) continue;
      if (await isLive(other)) {
        await unlink(claim);
        throw inUse(stateDir, other.split('-')[0] ?? '');
      }
      await unlink(join(lock, other)).catch(ignoreMissing);
    }
    return new StateLock(claim);
  }

  async release(): Promise<void> {
    await unlink(this.#claim).catch(ignoreMissing);
  }
}

/** The process that runs on this state directory now, undefined if none does. */
export async function lockHolder({ lock }: Pick<StatePaths, 'lock'>): Promise<number | undefined> {
  for (const claim of await readdir(lock).catch(() => [])) {
    if (await isLive(claim)) return Number(claim.split('-')[0]);
  }
  return undefined;
}

async function isLive(claim: string): Promise<boolean> {
  const pid = Number(claim.split('-')[0]);
  return Number.isSafeInteger(pid) && (await claimOf(pid)) === claim;
}

/** `PID-STARTTIME-BOOTID`, which no other process ever has; undefined if there is no such process. */
async function claimOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    // proc(5): the name in parentheses may hold anything; starttime is field 22, the 20th after it
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    return `${String(pid)}-${startTime}-${bootId}`;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ESRCH') return undefined;
    throw error;
  }
}

function inUse(stateDir: string, pid: string): CodedError {
  return new CodedError(
    'store.unavailable',
    `${stateDir} is in use by the running agent with process id ${pid}; stop it first (systemctl stop sealwatch-agent)`,
  );
}

function ignoreMissing(error: unknown): void {
  if (errnoOf(error) !== 'ENOENT') throw error;
}
