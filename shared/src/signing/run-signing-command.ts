import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CodedError, errnoOf, reasonOf } from '../runtime/coded-error.js';
import { formatDuration } from '../runtime/duration.js';
import { killGroup } from '../runtime/kill-group.js';
import { printable } from '../runtime/printable.js';

export interface SigningRun {
  readonly command: string;
  readonly input: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** An RSA-4096 signature has 512 bytes; whatever is longer is none. */
const MAX_OUTPUT_BYTES = 4096;
const MAX_STDERR_BYTES = 2000;

/**
 * One run of the command: input streamed to it, its output returned. It ends by itself, or it and its children are
 * killed: at the time limit, at the operator's Ctrl-C, or when it writes more than a signature.
 * @throws CodedError('signer.failed') with what it wrote to standard error; CodedError('request.cancelled')
 */
export async function runSigningCommand(run: SigningRun): Promise<Buffer> {
  // its own process group, so that killing it also ends what the shell started
  const child = spawn('/bin/sh', ['-c', run.command], { env: { ...run.env }, stdio: 'pipe', detached: true });
  let refusal: CodedError | undefined;
  const stop = (error: CodedError): void => {
    refusal ??= error;
    killGroup(child.pid);
    // a descendant in a group of its own could hold these open
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const cancel = (): void => {
    stop(new CodedError('request.cancelled', 'stopped while the signing command ran'));
  };
  const timer = setTimeout(() => {
    stop(failure(`did not end within ${formatDuration(run.timeoutMs)}`));
  }, run.timeoutMs);
  if (run.signal.aborted) cancel();
  run.signal.addEventListener('abort', cancel);
  const output: Buffer[] = [];
  let written = 0;
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    written += chunk.length;
    if (written > MAX_OUTPUT_BYTES)
      stop(failure(`wrote more than ${String(MAX_OUTPUT_BYTES)} bytes to standard output`));
    else output.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (complaint.length < MAX_STDERR_BYTES) complaint += chunk.toString('utf8');
  });
  try {
    const feeding = feed(run.input, child).catch((error: unknown) => {
      stop(new CodedError('file.unreadable', `the bytes to sign can't be read: ${reasonOf(error)}`, { cause: error }));
    });
    const status = await exitOf(child);
    child.stdin.destroy();
    await feeding;
    if (refusal !== undefined) throw refusal;
    if (status !== '0') throw failure(`ended with ${status}`, complaint);
    return Buffer.concat(output);
  } finally {
    clearTimeout(timer);
    run.signal.removeEventListener('abort', cancel);
  }
}

/** A command that signs SEALWATCH_DIGEST need not read its input: a closed pipe is no error. */
async function feed(input: AsyncIterable<Uint8Array>, child: ChildProcessWithoutNullStreams): Promise<void> {
  try {
    await pipeline(Readable.from(input), child.stdin);
  } catch (error) {
    if (!['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(errnoOf(error) ?? '')) throw error;
  }
}

function exitOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      reject(failure(`can't be started: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      resolve(code === null ? String(signal) : String(code));
    });
  });
}

function failure(what: string, complaint = ''): CodedError {
  const said = printable(complaint.slice(0, MAX_STDERR_BYTES).trim().replace(/\s+/g, ' '));
  return new CodedError('signer.failed', `the signing command ${what}${said === '' ? '' : `; it said: ${said}`}`);
}
