import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileOutbox, type FileOutboxDeps } from '@sealwatch/agent/outbox/file-outbox.js';
import { writeHeadFile } from '@sealwatch/agent/outbox/head-file.js';
import { ensurePrivateDirectory } from '@sealwatch/shared/runtime/private-files.js';
import { afterAll } from 'vitest';
import { quiet } from '../fakes/agent-chain.js';
import { MemoryOutbox } from '../fakes/memory-outbox.js';
import { TestClock } from '../fakes/test-clock.js';
import { outboxContract } from './outbox-contract.js';

const directory = mkdtempSync(join(tmpdir(), 'sealwatch-outbox-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const opened = new Map<unknown, FileOutboxDeps>();

async function openFiles(deps: FileOutboxDeps): Promise<FileOutbox> {
  const outbox = await FileOutbox.open(deps);
  opened.set(outbox, deps);
  return outbox;
}

outboxContract('the outbox on disk', {
  open: async (bounds) => {
    const home = mkdtempSync(join(directory, 'state-'));
    const deps = {
      outbox: join(home, 'outbox'),
      rejected: join(home, 'rejected'),
      bounds,
      clock: new TestClock(),
      log: quiet,
    };
    await ensurePrivateDirectory(deps.outbox);
    await writeHeadFile(deps.outbox, { head: null, bodies: [] });
    return openFiles(deps);
  },
  reopen: (outbox) => openFiles(opened.get(outbox)!),
});

outboxContract('the outbox in memory', { open: (bounds) => Promise.resolve(new MemoryOutbox(bounds)) });
