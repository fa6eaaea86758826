import { rename, writeFile } from 'node:fs/promises';
import { readPrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import type { Timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { timestampSchema } from '@sealwatch/shared/measurement/field-schemas.js';
import * as z from 'zod/mini';
import type { CycleSummary } from '../cycle/cycle.js';

/** What a running agent lets `status` know. Nothing relies on it, so it is neither synced nor signed. */
export interface RunningStatus {
  readonly at: Timestamp;
  readonly pid: number;
  readonly startedAt: Timestamp;
  readonly connected: boolean;
  readonly nextScanAt: Timestamp;
  readonly lastCycle: CycleSummary | null;
}

const count = z.int().check(z.nonnegative());

const schema: z.ZodMiniType<RunningStatus> = z.strictObject({
  at: timestampSchema,
  pid: count,
  startedAt: timestampSchema,
  connected: z.boolean(),
  nextScanAt: timestampSchema,
  lastCycle: z.nullable(
    z.strictObject({
      at: timestampSchema,
      outcome: z.enum(['reported', 'sealed', 'deferred', 'unsealed', 'failed']),
      findings: z.nullable(count),
      accounting: z.nullable(
        z.strictObject({
          cycleMs: count,
          cpuMs: count,
          rssBytes: count,
          bytesRead: count,
          connections: z._default(count, 0),
        }),
      ),
      error: z.string(),
    }),
  ),
});

export async function writeStatusFile(path: string, status: RunningStatus): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(status)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Undefined if no agent has run here, or an older one that wrote something else. */
export async function readStatusFile(path: string): Promise<RunningStatus | undefined> {
  try {
    const bytes = await readPrivateFile(path);
    return parsePayload(bytes, { schema, what: path, maxBytes: 64 * 1024, code: 'store.corrupt' });
  } catch {
    return undefined;
  }
}
