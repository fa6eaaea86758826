import { linesOf } from './lines.js';
import { unescapeOctal } from './octal-escape.js';

/** One line of `/proc/PID/mountinfo` (proc_pid_mountinfo(5)), names unescaped. */
export interface Mount {
  readonly id: number;
  readonly parent: number;
  /** `major:minor` of what is mounted. */
  readonly device: string;
  /** Which directory or file of that file system: other than `/` is a bind mount. */
  readonly root: Buffer;
  /** Where, seen from the process's root. */
  readonly mountPoint: Buffer;
  readonly fsType: string;
  readonly source: Buffer;
}

/** @returns undefined if the bytes are no such table */
export function parseMountInfo(bytes: Buffer): Mount[] | undefined {
  const mounts: Mount[] = [];
  for (const line of linesOf(bytes)) {
    const mount = parseLine(line.toString('latin1').split(' '));
    if (mount === undefined) return undefined;
    mounts.push(mount);
  }
  return mounts;
}

function parseLine(fields: readonly string[]): Mount | undefined {
  const [id = '', parent = '', device = '', root = '', mountPoint = ''] = fields;
  // optional fields stand between the sixth and a lone dash
  const dash = fields.indexOf('-', 6);
  if (dash === -1 || fields.length < dash + 3) return undefined;
  if (!/^\d{1,10}$/.test(id) || !/^\d{1,10}$/.test(parent) || !/^\d{1,10}:\d{1,10}$/.test(device)) return undefined;
  return {
    id: Number(id),
    parent: Number(parent),
    device,
    root: unescaped(root),
    mountPoint: unescaped(mountPoint),
    fsType: unescaped(fields[dash + 1] ?? '').toString('latin1'),
    source: unescaped(fields[dash + 2] ?? ''),
  };
}

function unescaped(text: string): Buffer {
  return unescapeOctal(Buffer.from(text, 'latin1'));
}
