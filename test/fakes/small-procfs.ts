import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The real procfs with few processes in it: a directory of links to `/proc/PID`. A test sees its own programs and
 * nobody else's, and chooses which process stands for pid 1.
 */
export class SmallProcfs {
  readonly root: string = mkdtempSync(join(tmpdir(), 'sealwatch-proc-'));

  constructor(init: number = process.pid) {
    symlinkSync(`/proc/${String(init)}`, join(this.root, '1'));
  }

  add(...pids: readonly number[]): this {
    for (const pid of pids) symlinkSync(`/proc/${String(pid)}`, join(this.root, String(pid)));
    return this;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
