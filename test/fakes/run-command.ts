import { spawn, type SpawnOptions } from 'node:child_process';

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; never throws for its exit status. Killed after `timeoutMs` (then the status is null). */
export function runCommand(
  argv: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env'> & { timeoutMs?: number; input?: string | Buffer } = {},
): Promise<Finished> {
  const { timeoutMs = 60_000, input, ...rest } = options;
  const [command = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...rest, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin?.on('error', () => undefined).end(input);
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.once('error', reject);
    child.once('close', (status) => {
      clearTimeout(timer);
      resolve({ status, stdout, stderr });
    });
  });
}

/** Like `runCommand`, but a status other than 0 is an error that shows what was said. */
export async function mustRun(
  argv: readonly string[],
  options: Parameters<typeof runCommand>[1] = {},
): Promise<Finished> {
  const finished = await runCommand(argv, options);
  if (finished.status === 0) return finished;
  throw new Error(`${argv.join(' ')}: exit ${String(finished.status)}\n${finished.stdout}\n${finished.stderr}`);
}
