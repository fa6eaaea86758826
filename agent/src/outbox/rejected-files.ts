import { readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { digestSchema, timestampSchema } from '@sealwatch/shared/measurement/field-schemas.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { ensurePrivateDirectory, readPrivateFile, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import type { Timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import * as z from 'zod/mini';
import type { StatementRef } from './outbox.js';
import { statementFileName } from './statement-file.js';

/** A statement the collector refused for good, and why. */
export interface Rejection extends StatementRef {
  readonly code: string;
  readonly message: string;
  readonly at: Timestamp;
}

const schema: z.ZodMiniType<Rejection> = z.strictObject({
  kind: z.enum(['report', 'seal']),
  epoch: z.int(),
  sequence: z.int(),
  digest: digestSchema,
  code: z.string(),
  message: z.string(),
  at: timestampSchema,
});

/** The newest are kept: enough to see what went wrong, too few to fill a disk. */
const MAX_KEPT = 200;
const REASON = '.reason.json';

/**
 * `rejected/0000000042.report` and, beside it, the reason. Moving needs no room on the disk; the reason may be missing
 * if there was none left.
 */
export async function setAside(file: string, directory: string, rejection: Rejection): Promise<void> {
  await ensurePrivateDirectory(directory);
  const name = statementFileName(rejection);
  await rename(file, join(directory, name));
  try {
    await writePrivateFile(join(directory, name + REASON), `${JSON.stringify(rejection)}\n`);
  } catch (error) {
    if (!isCoded(error, 'store.full')) throw error;
  }
  const names = (await statementNames(directory)).sort();
  for (const old of names.slice(0, Math.max(0, names.length - MAX_KEPT))) {
    await unlink(join(directory, old));
    await unlink(join(directory, old + REASON)).catch(() => undefined);
  }
}

/** Oldest first. A rejection whose reason can't be read is left out here; its statement is still in the directory. */
export async function readRejections(directory: string): Promise<Rejection[]> {
  const rejections: Rejection[] = [];
  for (const name of (await statementNames(directory)).sort()) {
    const path = join(directory, name + REASON);
    try {
      const bytes = await readPrivateFile(path);
      rejections.push(parsePayload(bytes, { schema, what: path, maxBytes: 16_384, code: 'store.corrupt' }));
    } catch {
      continue;
    }
  }
  return rejections;
}

async function statementNames(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => /^\d{10}\.(report|seal)$/.test(name));
}
