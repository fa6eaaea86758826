import type { Known } from '@sealwatch/shared/proc/process-facts.js';
import { EndedMeanwhile } from './meanwhile.js';
import { readProcFile } from './read-proc-file.js';

/** A file of procfs that a living process has. @throws EndedMeanwhile */
export function readFact(path: string, maxBytes: number): Known<Buffer> {
  const file = readProcFile(path, maxBytes);
  if (file.state === 'gone') throw new EndedMeanwhile();
  return file.state === 'read' ? { state: 'known', value: file.bytes } : file;
}
