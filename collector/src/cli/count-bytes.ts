import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { ProgressLine } from './progress-line.js';

const MIB = 1024 * 1024;

/** Progress of reading large files: the line moves once per 16 MiB; Ctrl-C ends the reading. */
export function countBytes(io: Io): { onBytes(name: string): (bytes: number) => void; done(): void } {
  const progress = new ProgressLine(io.err);
  return {
    onBytes(name) {
      let total = 0;
      let shown = -1;
      return (bytes) => {
        if (io.signal.aborted) throw new CodedError('request.cancelled', 'stopped while reading files');
        total += bytes;
        const step = Math.floor(total / (16 * MIB));
        if (step !== shown) progress.show(`reading ${name}: ${String(Math.round(total / MIB))} MiB`);
        shown = step;
      };
    },
    done() {
      progress.clear();
    },
  };
}
