import { EXIT } from '../runtime/exit-code.js';
import type { Io } from './io.js';

/** The real process: standard streams, and a signal that the first SIGINT or SIGTERM aborts (the second one kills). */
export function processIo(): Io {
  const stop = new AbortController();
  for (const stream of [process.stdout, process.stderr]) {
    // whoever reads us may leave early (`| head`); the answer is still the exit status
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      stop.abort();
    });
  }
  return { out: process.stdout, err: process.stderr, env: process.env, cwd: workingDirectory(), signal: stop.signal };
}

/** A shell can stand in a directory that is gone; every path that is not absolute is then below nothing. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    process.stderr.write('the current directory does not exist any more: cd to one that does\n');
    process.exit(EXIT.usage);
  }
}
