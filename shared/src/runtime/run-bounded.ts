import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import type { Readable } from 'node:stream';
import { errnoOf, reasonOf } from './coded-error.js';
import { killGroup } from './kill-group.js';

export interface BoundedProgram {
  /** What reasons call it. */
  readonly name: string;
  /** Absolute path: nothing is searched for. */
  readonly program: string;
  readonly args: readonly string[];
  /** All of its environment. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>;
  /** An open descriptor; the child has it as 3. */
  readonly descriptor?: number;
  readonly timeoutMs: number;
  /** Of standard output and standard error together. */
  readonly maxOutputBytes: number;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

export type BoundedRun =
  | { readonly state: 'ended'; readonly status: number; readonly stdout: Buffer; readonly stderr: Buffer }
  /** There is no answer. The reason begins with the name, and is the same each time. */
  | { readonly state: 'failed'; readonly reason: string };

/**
 * One question to a program: no shell, no input, in `/`, with nothing in its environment but what is given. It ends by
 * itself, or it and what it started are killed: at the time limit, at the signal, or when it writes without end. Never
 * rejects.
 */
export async function runBounded(run: BoundedProgram): Promise<BoundedRun> {
  const { name, program, args, env = {}, descriptor, signal } = run;
  if (signal?.aborted === true) return { state: 'failed', reason: `${name} was stopped` };
  const more = descriptor === undefined ? [] : [descriptor];
  let child: ChildProcess;
  try {
    const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', ...more];
    // its own process group, so that killing it also ends what it started
    child = spawn(program, args, { env: { ...env }, cwd: '/', stdio, detached: true });
  } catch (error) {
    return { state: 'failed', reason: notStarted(name, error) };
  }
  return answerOf(child, run);
}

function answerOf(
  child: ChildProcess,
  { name, timeoutMs, maxOutputBytes, signal }: BoundedProgram,
): Promise<BoundedRun> {
  return new Promise((resolve) => {
    const finish = (answer: BoundedRun): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      resolve(answer);
    };
    // nobody waits for what is killed: a process in the kernel's hands, or one that left its pipes to others, takes its time
    const stop = (why: string): void => {
      killGroup(child.pid);
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
      finish({ state: 'failed', reason: `${name} ${why}` });
    };
    const abort = (): void => {
      stop('was stopped');
    };
    const timer = setTimeout(() => {
      stop(`did not end within ${String(timeoutMs)} ms`);
    }, timeoutMs);
    signal?.addEventListener('abort', abort);
    let left = maxOutputBytes;
    // without descriptors for pipes there is no stream, and an error follows
    const collect = (stream: Readable | null): Buffer[] => {
      const chunks: Buffer[] = [];
      stream?.on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left < 0) stop(`wrote more than ${String(maxOutputBytes)} bytes`);
        else chunks.push(chunk);
      });
      return chunks;
    };
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    child.once('error', (error) => {
      finish({ state: 'failed', reason: notStarted(name, error) });
    });
    child.once('close', (status) => {
      if (status === null) finish({ state: 'failed', reason: `${name} was killed` });
      else finish({ state: 'ended', status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) });
    });
  });
}

function notStarted(name: string, error: unknown): string {
  return `${name} can not be started (${errnoOf(error) ?? reasonOf(error)})`;
}
