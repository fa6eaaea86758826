import { readlinkSync, statSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import { unitOf } from '@sealwatch/shared/proc/control-group.js';
import type { ProcessStat } from '@sealwatch/shared/proc/process-stat.js';
import { fileId } from './file-id.js';
import { isGone } from './is-gone.js';
import { liveDirectory } from './live-directory.js';
import { readProcFile } from './read-proc-file.js';
import { readStat } from './read-stat.js';

const MAX_BYTES = 64 * 1024;

/** What one look tells of a process. `passed`: a thread of the kernel, or it has ended. */
export type Look =
  | { readonly state: 'passed' }
  | { readonly state: 'unreadable'; readonly reason: string }
  | {
      readonly state: 'seen';
      readonly directory: string;
      /** What the kernel calls the executable. */
      readonly link: Buffer;
      readonly file: string;
      readonly stat: ProcessStat;
      /** Null also if nobody asks for one. */
      readonly unit: string | null;
    };

const PASSED = { state: 'passed' } as const;

/**
 * A few microseconds for each process of a host: who it is, what it runs, and its unit if anybody asks.
 * @param place `/proc/PID`
 */
export function lookAtProcess(place: string, withUnit: boolean): Look {
  try {
    const stat = readStat(place);
    if (stat.state === 'gone' || (stat.state === 'read' && stat.stat.kernelThread)) return PASSED;
    if (stat.state === 'unreadable') return stat;
    const live = liveDirectory(place, stat.stat);
    if (live.state === 'ended') return PASSED;
    if (live.state === 'unreadable') return live;
    const { directory } = live;
    const link = readlinkSync(`${directory}/exe`, { encoding: 'buffer' });
    const file = fileId(statSync(`${directory}/exe`, { bigint: true }));
    const seen = { state: 'seen', directory, link, file, stat: stat.stat } as const;
    if (!withUnit) return { ...seen, unit: null };
    const groups = readProcFile(`${directory}/cgroup`, MAX_BYTES);
    if (groups.state === 'gone') return PASSED;
    if (groups.state === 'unreadable') return groups;
    const unit = unitOf(groups.bytes);
    return unit === undefined ? { state: 'unreadable', reason: 'no table of control groups' } : { ...seen, unit };
  } catch (error) {
    return isGone(error) ? PASSED : { state: 'unreadable', reason: unreadableReason(error) };
  }
}
