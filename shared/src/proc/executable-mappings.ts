import { linesOf } from './lines.js';

/** A part of a process's memory that may be executed: one line of `/proc/PID/maps` (proc_pid_maps(5)). */
export interface ExecutableMapping {
  /** First address and the one after the last. On machines with five page levels they do not fit a number. */
  readonly start: bigint;
  readonly end: bigint;
  readonly writable: boolean;
  readonly shared: boolean;
  /** Where in the file it begins. */
  readonly offset: bigint;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  /** 0 if no file is behind it. */
  readonly inode: bigint;
  /**
   * The path as the table has it, ` (deleted)` and all, with `\012` for a newline: as a backslash is not escaped this
   * can't be undone with certainty, `map_files` has the true one. Or a name in brackets, or nothing.
   */
  readonly name: Buffer;
}

const LINE =
  /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ([r-])([w-])x([ps]) ([0-9a-f]{1,16}) ([0-9a-f]{1,8}):([0-9a-f]{1,8}) (\d{1,20})(?: +(.*))?$/s;

/** Where the `x` of the permissions stands, counted from the first space. */
const EXECUTABLE_AT = 3;
const SPACE = 0x20;
const LETTER_X = 0x78;

/**
 * The executable lines of `/proc/PID/maps`; the others are looked at no further than to their permissions.
 * @returns undefined if the bytes are no such table: a line that can't be read could have been one of them
 */
export function parseExecutableMappings(bytes: Buffer): ExecutableMapping[] | undefined {
  const mappings: ExecutableMapping[] = [];
  for (const line of linesOf(bytes)) {
    const space = line.indexOf(SPACE);
    if (space === -1 || line.length < space + 5) return undefined;
    const execute = line[space + EXECUTABLE_AT];
    if (execute === DASH) continue;
    if (execute !== LETTER_X) return undefined;
    const mapping = parseLine(line);
    if (mapping === undefined) return undefined;
    mappings.push(mapping);
  }
  return mappings;
}

const DASH = 0x2d;

function parseLine(line: Buffer): ExecutableMapping | undefined {
  const match = LINE.exec(line.toString('latin1'));
  if (match === null) return undefined;
  const [, start = '', end = '', , write, share, offset = '', major = '', minor = '', inode = '', name = ''] = match;
  const mapping = {
    start: BigInt(`0x${start}`),
    end: BigInt(`0x${end}`),
    writable: write === 'w',
    shared: share === 's',
    offset: BigInt(`0x${offset}`),
    deviceMajor: Number.parseInt(major, 16),
    deviceMinor: Number.parseInt(minor, 16),
    inode: BigInt(inode),
    name: Buffer.from(name, 'latin1'),
  };
  return mapping.start < mapping.end ? mapping : undefined;
}
