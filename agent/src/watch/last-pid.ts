import { closeSync, openSync, readSync } from 'node:fs';

/**
 * The process or thread that was made last, in this program's own pid namespace (proc_loadavg(5)); undefined if that
 * can't be read.
 */
export function lastPid(procRoot: string, buffer: Buffer): number | undefined {
  try {
    const fd = openSync(`${procRoot}/loadavg`, 'r');
    try {
      const length = readSync(fd, buffer, 0, buffer.length, 0);
      const pid = /(\d+)\n?$/.exec(buffer.toString('latin1', 0, length))?.[1];
      return pid === undefined ? undefined : Number(pid);
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}
