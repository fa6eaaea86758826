import { statSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { fileId } from './file-id.js';
import type { ProcessIdentity } from './identify-process.js';
import { listProcesses } from './list-processes.js';
import { lookAtProcess } from './look-at-process.js';
import { type FoundBy, matches, prepareWanted, type WantedProcesses } from './wanted-processes.js';

export interface FoundProcess {
  readonly component: string;
  readonly process: ProcessIdentity;
  /**
   * `executable`: it runs the listed file, or one that was at its path. `name`: it was started as the listed path, but
   * runs another file. `unit`: it belongs to the unit, whatever it runs.
   */
  readonly by: FoundBy;
  /** What systemd itself started in a unit: its parent is pid 1 and it leads a session. */
  readonly unitMain: boolean;
}

export interface ProcessSearch {
  readonly procRoot: string;
  readonly hostRoot: string;
  readonly wanted: readonly WantedProcesses[];
  /** Waits between two batches of processes. Default: one turn of the event loop. */
  readonly pause?: () => Promise<void>;
  readonly signal?: AbortSignal;
}

export interface ProcessSearchResult {
  /** By component, pid and then how they were found. */
  readonly found: readonly FoundProcess[];
  /** Why some processes could not be looked at, each reason once: not finding any then means nothing. */
  readonly blind: readonly string[];
}

const MAX_FOUND = 4096;
const BATCH = 64;

/**
 * The processes of components among all of the host: by the file they run, by the name they were started under, by
 * systemd unit. Threads of the kernel and what has ended are passed over.
 * @throws CodedError('request.cancelled') once `signal` is aborted, nothing else
 */
export async function findProcesses(search: ProcessSearch): Promise<ProcessSearchResult> {
  const { procRoot, hostRoot, pause = nextTurn, signal } = search;
  const blind = new Set<string>();
  const host = rootOf(hostRoot, blind);
  const wanted = await Promise.all(search.wanted.map((one) => prepareWanted(one, hostRoot)));
  const withUnit = wanted.some(({ units }) => units.size > 0);
  const found: FoundProcess[] = [];
  const pids = listProcesses(procRoot, blind);
  for (const [i, pid] of pids.entries()) {
    if (i % BATCH === BATCH - 1) await pause();
    if (signal?.aborted === true) throw new CodedError('request.cancelled', 'stopped before all processes were seen');
    const seen = lookAtProcess(`${procRoot}/${String(pid)}`, withUnit);
    if (seen.state === 'passed') continue;
    if (seen.state === 'unreadable') {
      blind.add(seen.reason);
      continue;
    }
    for (const one of wanted) {
      const by = matches(seen, one, host);
      if (by === undefined) continue;
      const { stat, unit } = seen;
      const unitMain = unit !== null && one.units.has(unit) && stat.parent === 1 && stat.session === pid;
      found.push({ component: one.component, process: { pid, startTime: stat.startTime }, by, unitMain });
    }
  }
  if (found.length > MAX_FOUND) blind.add(`more than ${String(MAX_FOUND)} processes of components`);
  return { found: found.slice(0, MAX_FOUND).sort(byComponentAndPid), blind: [...blind].sort() };
}

function rootOf(hostRoot: string, blind: Set<string>): string | undefined {
  try {
    return fileId(statSync(hostRoot, { bigint: true }));
  } catch (error) {
    blind.add(`the host root: ${unreadableReason(error)}`);
    return undefined;
  }
}

function byComponentAndPid(a: FoundProcess, b: FoundProcess): number {
  if (a.component !== b.component) return a.component < b.component ? -1 : 1;
  return a.process.pid - b.process.pid;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
