import { sendNotification } from './send-notification.js';

/** What started this process and wants to hear of it (sd_notify(3), sd_watchdog_enabled(3)). */
export interface ServiceManager {
  /** Without a sign of life for this long, the process is killed; null if it may be silent. */
  readonly watchdogMs: number | null;
  /** @param assignments `READY=1`. Rejects if it could not be said. */
  notify(assignments: readonly string[]): Promise<void>;
}

/** Null if no service manager asked to be told. */
export function serviceManager(env: Readonly<Record<string, string | undefined>>): ServiceManager | null {
  const socket = env['NOTIFY_SOCKET'];
  if (socket === undefined || !/^[/@]/.test(socket)) return null;
  return { watchdogMs: watchdogMs(env), notify: (assignments) => sendNotification(socket, assignments) };
}

function watchdogMs(env: Readonly<Record<string, string | undefined>>): number | null {
  const { WATCHDOG_USEC: time = '', WATCHDOG_PID: pid } = env;
  const another = pid !== undefined && pid !== String(process.pid);
  if (another || !/^[1-9]\d{0,15}$/.test(time)) return null;
  return Number(time) / 1000;
}
