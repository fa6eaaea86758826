import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';

/**
 * The wall clock of real programs, which can be set while they run, as chrony or a person would set the host's: nobody
 * else's clock moves, and the monotonic one of the programs goes on. By Debian's libfaketime.
 */
export class SteppedClock {
  readonly #directory: string = mkdtempSync(join(tmpdir(), 'sealwatch-clock-'));

  constructor() {
    this.set(0);
  }

  /** What a program is started by to have this clock. */
  get runner(): readonly string[] {
    return [
      'env',
      `LD_PRELOAD=${LIBRARY}`,
      `FAKETIME_TIMESTAMP_FILE=${this.#file}`,
      'FAKETIME_NO_CACHE=1',
      'FAKETIME_DONT_FAKE_MONOTONIC=1',
    ];
  }

  /** @param seconds ahead of this machine's, negative: behind */
  set(seconds: number): void {
    // a reader must never find half a file
    writeFileSync(`${this.#file}.new`, `${seconds < 0 ? '' : '+'}${String(seconds)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#directory, 'offset');
  }
}
