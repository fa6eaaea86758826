import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';

export type GetcapRun =
  | { readonly state: 'ended'; readonly status: number; readonly stdout: string; readonly stderr: string }
  | { readonly state: 'failed'; readonly reason: string };

/** One path and one line of capabilities: all 41 there are, set one by one, take less. */
const MAX_OUTPUT_BYTES = 16 * 1024;

/**
 * One question, of a program named by its absolute path, with nothing in its environment. It ends by itself, or is killed:
 * at the time limit, or when it writes without end. Never rejects.
 * @param directory an open descriptor; the child has it as 3
 */
export function runGetcap(
  program: string,
  args: readonly string[],
  { directory, timeoutMs }: { directory: number; timeoutMs: number },
): Promise<GetcapRun> {
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn(program, args, { env: {}, cwd: '/', stdio: ['ignore', 'pipe', 'pipe', directory] });
    } catch (error) {
      resolve(notRun(error));
      return;
    }
    const finish = (run: GetcapRun): void => {
      clearTimeout(timer);
      resolve(run);
    };
    // nobody waits for what is killed: a process in the kernel's hands, or one that left its pipes to others, takes its time
    const stop = (reason: string): void => {
      child.kill('SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
      finish({ state: 'failed', reason });
    };
    const timer = setTimeout(() => {
      stop(`getcap did not end within ${String(timeoutMs)} ms`);
    }, timeoutMs);
    child.once('error', (error) => {
      finish(notRun(error));
    });
    let written = 0;
    // without descriptors for pipes there is no stream, and an error follows
    const collect = (stream: Readable | null): Buffer[] => {
      const chunks: Buffer[] = [];
      stream?.on('data', (chunk: Buffer) => {
        written += chunk.length;
        if (written > MAX_OUTPUT_BYTES) stop(`getcap wrote more than ${String(MAX_OUTPUT_BYTES)} bytes`);
        else chunks.push(chunk);
      });
      return chunks;
    };
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    child.once('close', (status) => {
      if (status === null) finish({ state: 'failed', reason: 'getcap was killed' });
      else finish({ state: 'ended', status, stdout: textOf(stdout), stderr: textOf(stderr) });
    });
  });
}

function notRun(error: unknown): GetcapRun {
  return { state: 'failed', reason: `getcap: ${unreadableReason(error)}` };
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
