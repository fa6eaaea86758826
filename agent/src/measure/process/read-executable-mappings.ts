import { type ExecutableMapping, parseExecutableMappings } from '@sealwatch/shared/proc/executable-mappings.js';
import { EndedMeanwhile } from './meanwhile.js';
import { readProcFile } from './read-proc-file.js';

/** A process may have 65,530 mappings unless the host was told otherwise; Java hosts are told 262,144. */
const MAX_BYTES = 64 * 1024 * 1024;

export type ExecutableMappings =
  | { readonly state: 'read'; readonly mappings: readonly ExecutableMapping[] }
  | { readonly state: 'unreadable'; readonly reason: string };

/** @param directory `/proc/PID` @throws EndedMeanwhile */
export function readExecutableMappings(directory: string): ExecutableMappings {
  const file = readProcFile(`${directory}/maps`, MAX_BYTES);
  if (file.state === 'gone') throw new EndedMeanwhile();
  if (file.state === 'unreadable') return file;
  const mappings = parseExecutableMappings(file.bytes);
  return mappings === undefined
    ? { state: 'unreadable', reason: 'no table of memory mappings' }
    : { state: 'read', mappings };
}

/** Whether a mapping is still there as it was. */
export function stillMapped(directory: string, wanted: ExecutableMapping): boolean {
  const now = readExecutableMappings(directory);
  return now.state === 'read' && now.mappings.some((mapping) => isSame(mapping, wanted));
}

function isSame(a: ExecutableMapping, b: ExecutableMapping): boolean {
  return (
    a.start === b.start &&
    a.end === b.end &&
    a.offset === b.offset &&
    a.inode === b.inode &&
    a.deviceMajor === b.deviceMajor &&
    a.deviceMinor === b.deviceMinor
  );
}
