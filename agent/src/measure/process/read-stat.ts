import { parseProcessStat, type ProcessStat } from '@sealwatch/shared/proc/process-stat.js';
import { readProcFile } from './read-proc-file.js';

export type StatFile =
  | { readonly state: 'read'; readonly stat: ProcessStat }
  | { readonly state: 'gone' }
  | { readonly state: 'unreadable'; readonly reason: string };

/** Who a process is, from its `stat`. @param directory `/proc/PID` */
export function readStat(directory: string): StatFile {
  const file = readProcFile(`${directory}/stat`, 4096);
  if (file.state !== 'read') return file;
  const stat = parseProcessStat(file.bytes);
  return stat === undefined ? { state: 'unreadable', reason: 'no process status line' } : { state: 'read', stat };
}
