import { fstatSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** Of syslog(3), as sd-daemon(3) has them. */
const PRIORITIES = { error: 3, warning: 4, information: 6, debug: 7 } as const;

/** pino's own numbers. */
const LEVELS: readonly (readonly [least: number, priority: number])[] = [
  [50, PRIORITIES.error],
  [40, PRIORITIES.warning],
  [30, PRIORITIES.information],
];

/** Begins a line that says why a program ended; `journalctl -p err` finds it. */
export const ERROR_PREFIX: string = `<${String(PRIORITIES.error)}>`;

/**
 * Whether standard error is the journal itself, and not a file or a terminal that a child of a service was given
 * (systemd.exec(5), `JOURNAL_STREAM`).
 */
export function writesToJournal(env: Readonly<Record<string, string | undefined>>): boolean {
  const stream = env['JOURNAL_STREAM'];
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(2, { bigint: true });
    return stream === `${String(dev)}:${String(ino)}`;
  } catch {
    return false;
  }
}

/** Says each line's priority at its beginning. Journald takes it away: what it keeps is the line. */
export function withPriorities(destination: DestinationStream): DestinationStream {
  return {
    write: (line) => {
      destination.write(`<${String(priorityOf(line))}>${line}`);
    },
  };
}

/** Every line of ours begins with its level. */
function priorityOf(line: string): number {
  const level = Number(/^\{"level":(\d+)/.exec(line)?.[1] ?? 0);
  return LEVELS.find(([least]) => level >= least)?.[1] ?? PRIORITIES.debug;
}
