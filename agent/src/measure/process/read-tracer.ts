import { readlinkSync } from 'node:fs';
import type { Known } from '@sealwatch/shared/proc/process-facts.js';
import { parseProcessStatus } from '@sealwatch/shared/proc/process-status.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import { readFact } from './read-fact.js';

const MAX_BYTES = 64 * 1024;

/** The executable of the process that traces this one, or null. @throws EndedMeanwhile */
export function readTracer(procRoot: string, directory: string): Known<string | null> {
  const file = readFact(`${directory}/status`, MAX_BYTES);
  if (file.state === 'unreadable') return file;
  const status = parseProcessStatus(file.value);
  if (status === undefined) return { state: 'unreadable', reason: 'no process status' };
  if (status.tracer === 0) return { state: 'known', value: null };
  try {
    const link = readlinkSync(`${procRoot}/${String(status.tracer)}/exe`, { encoding: 'buffer' });
    return { state: 'known', value: pathText(link) };
  } catch {
    // the tracer was there a moment ago: that counts, not its name
    return { state: 'known', value: 'unknown' };
  }
}
