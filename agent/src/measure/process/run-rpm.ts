import { spawn } from 'node:child_process';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';

export type RpmRun =
  | { readonly state: 'ended'; readonly status: number; readonly stdout: string; readonly stderr: string }
  | { readonly state: 'failed'; readonly reason: string };

/** The largest packages list some ten thousand files. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const MAX_STDERR_BYTES = 4096;

/**
 * One query, of a program named by its absolute path, with nothing in its environment: no configuration of a home
 * directory, no library path. It ends by itself, or is killed: at the time limit, or when it writes without end.
 * Never rejects.
 */
export function runRpm(program: string, args: readonly string[], timeoutMs: number): Promise<RpmRun> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: {}, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
    let failure: string | undefined;
    const stop = (reason: string): void => {
      failure ??= reason;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => {
      stop(`rpm did not end within ${String(timeoutMs)} ms`);
    }, timeoutMs);
    const output: Buffer[] = [];
    let written = 0;
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      written += chunk.length;
      if (written > MAX_OUTPUT_BYTES) stop(`rpm wrote more than ${String(MAX_OUTPUT_BYTES)} bytes`);
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < MAX_STDERR_BYTES) stderr += chunk.toString('latin1');
    });
    const finish = (run: RpmRun): void => {
      clearTimeout(timer);
      resolve(run);
    };
    child.once('error', (error) => {
      finish({ state: 'failed', reason: `rpm: ${unreadableReason(error)}` });
    });
    child.once('close', (status) => {
      if (failure !== undefined || status === null) finish({ state: 'failed', reason: failure ?? 'rpm was killed' });
      else finish({ state: 'ended', status, stdout: Buffer.concat(output).toString('latin1'), stderr });
    });
  });
}
