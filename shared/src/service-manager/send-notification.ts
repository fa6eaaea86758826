import { spawn } from 'node:child_process';
import { CodedError, reasonOf } from '../runtime/coded-error.js';

/** Systemd's own; the same place from version 219 on. */
const PROGRAM = '/usr/bin/systemd-notify';
const TIMEOUT_MS = 10_000;

/**
 * Tells the service manager, in the words of sd_notify(3). Node has no datagram sockets of the file system and the agent
 * no native modules, so systemd's own program says it: 4 ms of processor time, once in minutes. The unit needs
 * NotifyAccess=all for that.
 * @param socket what NOTIFY_SOCKET said
 * @throws CodedError('internal') if it could not be said
 */
export function sendNotification(socket: string, assignments: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (reason: string): void => {
      reject(new CodedError('internal', `${PROGRAM}: ${reason}`));
    };
    const child = spawn(PROGRAM, assignments, { env: { NOTIFY_SOCKET: socket }, cwd: '/', stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    child.once('error', (error) => {
      clearTimeout(timer);
      failed(reasonOf(error));
    });
    child.once('exit', (status, signal) => {
      clearTimeout(timer);
      if (status === 0) resolve();
      else failed(signal === null ? `exit status ${String(status)}` : `ended by ${signal}`);
    });
  });
}
