import type { Io } from '@sealwatch/shared/cli/io.js';

/** An Io whose output is text in memory and whose stop signal a test can give. */
export interface CapturedIo extends Io {
  readonly stdout: string;
  readonly stderr: string;
  stop(): void;
}

export function capturedIo(options: { cwd?: string; env?: Io['env']; isTTY?: boolean } = {}): CapturedIo {
  const written = { out: '', err: '' };
  const stopping = new AbortController();
  const sink = (name: keyof typeof written): Io['out'] => ({
    write(text: string) {
      written[name] += text;
      return true;
    },
    isTTY: options.isTTY ?? false,
  });
  return {
    out: sink('out'),
    err: sink('err'),
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    signal: stopping.signal,
    get stdout() {
      return written.out;
    },
    get stderr() {
      return written.err;
    },
    stop: () => {
      stopping.abort();
    },
  };
}
