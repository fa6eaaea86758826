import { destination as fileDestination, pino, stdSerializers, type DestinationStream, type Logger } from 'pino';
import { isCoded } from './coded-error.js';

/** Messages are constants, facts are fields: code, host, component, sequence, durationMs, err. */
export type { Logger };

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** JSON lines on standard error, which journald reads; standard output belongs to answers. */
export function createLogger(options: { program: string; level: LogLevel; destination?: DestinationStream }): Logger {
  const { program, level, destination } = options;
  return pino(
    {
      level,
      base: { program },
      serializers: { err: level === 'debug' ? stdSerializers.err : briefly },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      messageKey: 'message',
    },
    destination ?? fileDestination({ dest: 2, sync: true }),
  );
}

/** What was foreseen is a sentence with a code; where it was thrown helps only who debugs. A surprise keeps its stack. */
function briefly(error: Error): object {
  return isCoded(error) ? { type: error.name, code: error.code, message: error.message } : stdSerializers.err(error);
}
