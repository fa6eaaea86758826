import { linesOf } from './lines.js';

/** What of `/proc/PID/status` says who a process is and who holds it (proc_pid_status(5)). */
export interface ProcessStatus {
  /** Real, effective, saved and file system user. */
  readonly uids: readonly number[];
  /** Its pid in each pid namespace from the reader's inwards: more than one in a container, none before Linux 4.1. */
  readonly namespacePids: readonly number[];
  /** The process that traces it, in the reader's numbers; 0 for none. */
  readonly tracer: number;
}

/**
 * A name with a newline is escaped by the kernel, so a line is what it says it is.
 * @returns undefined if a field is missing or no number
 */
export function parseProcessStatus(bytes: Buffer): ProcessStatus | undefined {
  const fields = new Map<string, readonly number[] | undefined>();
  for (const line of linesOf(bytes)) {
    const text = line.toString('latin1');
    const colon = text.indexOf(':');
    const name = text.slice(0, colon);
    if (WANTED.has(name) && !fields.has(name)) fields.set(name, numbers(text.slice(colon + 1)));
  }
  const uids = fields.get('Uid');
  const tracer = fields.get('TracerPid')?.[0];
  if (uids?.length !== 4 || tracer === undefined) return undefined;
  const namespacePids = fields.has('NSpid') ? fields.get('NSpid') : [];
  return namespacePids === undefined ? undefined : { uids, namespacePids, tracer };
}

const WANTED: ReadonlySet<string> = new Set(['Uid', 'NSpid', 'TracerPid']);

function numbers(text: string): number[] | undefined {
  const words = text.trim().split(/\s+/);
  return words.every((word) => /^\d{1,10}$/.test(word)) ? words.map(Number) : undefined;
}
