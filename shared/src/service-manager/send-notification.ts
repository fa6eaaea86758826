import { CodedError } from '../runtime/coded-error.js';
import { runBounded } from '../runtime/run-bounded.js';

/** Systemd's own; the same place from version 219 on. */
const PROGRAM = '/usr/bin/systemd-notify';
const TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 4096;

/**
 * Tells the service manager, in the words of sd_notify(3). Node has no datagram sockets of the file system and the agent
 * no native modules, so systemd's own program says it: 4 ms of processor time, once in minutes. The unit needs
 * NotifyAccess=all for that.
 * @param socket what NOTIFY_SOCKET said
 * @throws CodedError('internal') if it could not be said
 */
export async function sendNotification(socket: string, assignments: readonly string[]): Promise<void> {
  const run = await runBounded({
    name: PROGRAM,
    program: PROGRAM,
    args: assignments,
    env: { NOTIFY_SOCKET: socket },
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  });
  if (run.state === 'failed') throw new CodedError('internal', run.reason);
  if (run.status !== 0) throw new CodedError('internal', `${PROGRAM} ended with ${String(run.status)}`);
}
