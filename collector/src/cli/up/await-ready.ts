import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { formatDuration } from '@sealwatch/shared/runtime/duration.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFile } from 'node:fs/promises';
import { formatHostPort, parseHostPort } from '@sealwatch/shared/runtime/host-port.js';
import type { Ready } from '../ready-file.js';
import type { ChildProgram } from './child-program.js';

const POLL_MS = 100;

/**
 * Waits until the collector that was started says that its ports are open.
 * @returns `host:port` at which this machine reaches it
 * @throws CodedError('collector.unreachable') after `timeoutMs`
 */
export async function awaitReady(
  collector: ChildProgram,
  options: { readyFile: string; timeoutMs: number; signal: AbortSignal },
): Promise<string> {
  const { readyFile, timeoutMs, signal } = options;
  for (const started = performance.now(); performance.now() - started < timeoutMs;) {
    const ready = await readReady(readyFile);
    if (ready !== undefined && ready.pid === collector.pid) return dialled(ready.address);
    await sleep(POLL_MS, undefined, { signal });
  }
  throw new CodedError(
    'collector.unreachable',
    `the collector was not ready within ${formatDuration(timeoutMs)}; what it said is above`,
  );
}

/** Undefined if it is not there; a leftover of a crash names another process. */
async function readReady(file: string): Promise<Pick<Ready, 'pid' | 'address'> | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Ready);
}

/** An address that stands for all of this machine's is reached at its own. */
function dialled(listening: string): string {
  const address = parseHostPort(listening);
  if (address?.host === '0.0.0.0') return formatHostPort({ ...address, host: '127.0.0.1' });
  if (address?.host === '::') return formatHostPort({ ...address, host: '::1' });
  return listening;
}
