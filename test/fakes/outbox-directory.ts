import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileOutbox, type FileOutboxDeps } from '@sealwatch/agent/outbox/file-outbox.js';
import { writeHeadFile } from '@sealwatch/agent/outbox/head-file.js';
import { DEFAULT_OUTBOX_BOUNDS, type OutboxBounds } from '@sealwatch/agent/outbox/outbox.js';
import { ensurePrivateDirectory } from '@sealwatch/shared/runtime/private-files.js';
import { quiet } from './agent-chain.js';
import { TestClock } from './test-clock.js';

/** The two rooms an outbox lives in, as enrolling leaves them. */
export class OutboxDirectory {
  readonly outbox: string;
  readonly rejected: string;
  readonly #home: string;

  private constructor(home: string) {
    this.#home = home;
    this.outbox = join(home, 'outbox');
    this.rejected = join(home, 'rejected');
  }

  /** @param home a directory that is there already, on a small disk for instance */
  static async create(home: string = mkdtempSync(join(tmpdir(), 'sealwatch-outbox-'))): Promise<OutboxDirectory> {
    const directory = new OutboxDirectory(home);
    await ensurePrivateDirectory(directory.outbox);
    await writeHeadFile(directory.outbox, { head: null, bodies: [] });
    return directory;
  }

  open(bounds: Partial<OutboxBounds> = {}): Promise<FileOutbox> {
    const deps: FileOutboxDeps = {
      outbox: this.outbox,
      rejected: this.rejected,
      bounds: { ...DEFAULT_OUTBOX_BOUNDS, ...bounds },
      clock: new TestClock(),
      log: quiet,
    };
    return FileOutbox.open(deps);
  }

  remove(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}
