import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A /proc in which only these processes are, each the real one: for a user who may not look at the others, as if the
 * machine were the user's own.
 */
export class ProcessView {
  readonly path: string;

  constructor(pids: readonly number[]) {
    this.path = mkdtempSync(join(tmpdir(), 'sealwatch-proc-'));
    for (const pid of pids) symlinkSync(`/proc/${String(pid)}`, join(this.path, String(pid)));
  }

  /** One more process, whose open files can't be listed. */
  hide(pid: number): void {
    mkdirSync(join(this.path, String(pid)));
    writeFileSync(join(this.path, String(pid), 'fd'), '');
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
