import { destination as fileDestination, pino, type DestinationStream, type Logger } from 'pino';

/** Messages are constants, facts are fields: code, host, component, sequence, durationMs, err. */
export type { Logger };

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** JSON lines on standard error, which journald reads; standard output belongs to answers. */
export function createLogger(options: { program: string; level: LogLevel; destination?: DestinationStream }): Logger {
  const { program, level, destination } = options;
  return pino(
    { level, base: { program }, timestamp: () => `,"time":"${new Date().toISOString()}"`, messageKey: 'message' },
    destination ?? fileDestination({ dest: 2, sync: true }),
  );
}
