import { opendirSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';

const MAX_PROCESSES = 100_000;

/** The pids in a procfs, and in `blind` why they may not be all. */
export function listProcesses(procRoot: string, blind: Set<string>): number[] {
  const pids: number[] = [];
  try {
    const directory = opendirSync(procRoot, { bufferSize: 1024 });
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
        if (!/^[1-9]\d{0,9}$/.test(entry.name)) continue;
        if (pids.length === MAX_PROCESSES) {
          blind.add(`more than ${String(MAX_PROCESSES)} processes`);
          break;
        }
        pids.push(Number(entry.name));
      }
    } finally {
      directory.closeSync();
    }
  } catch (error) {
    blind.add(`the list of processes: ${unreadableReason(error)}`);
  }
  return pids;
}
