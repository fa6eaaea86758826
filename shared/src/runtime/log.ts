import { destination as fileDestination, pino, stdSerializers, type DestinationStream, type Logger } from 'pino';
import { isCoded } from './coded-error.js';
import { withPriorities } from './journal.js';

/** Messages are constants, facts are fields: code, host, component, sequence, durationMs, err. */
export type { Logger };

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  readonly program: string;
  readonly level: LogLevel;
  readonly destination?: DestinationStream;
  /** Journald reads it: each line begins with its priority. */
  readonly toJournal?: boolean;
}

/** JSON lines on standard error, which journald reads; standard output belongs to answers. */
export function createLogger(options: LoggerOptions): Logger {
  const { program, level, destination = fileDestination({ dest: 2, sync: true }), toJournal = false } = options;
  return pino(
    {
      level,
      base: { program },
      serializers: { err: level === 'debug' ? stdSerializers.err : briefly },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      messageKey: 'message',
    },
    toJournal ? withPriorities(destination) : destination,
  );
}

/** What was foreseen is a sentence with a code; where it was thrown helps only who debugs. A surprise keeps its stack. */
function briefly(error: Error): object {
  return isCoded(error) ? { type: error.name, code: error.code, message: error.message } : stdSerializers.err(error);
}
