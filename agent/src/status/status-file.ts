import { rename, writeFile } from 'node:fs/promises';
import { readPrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import type { Timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { accountingSchema } from '@sealwatch/shared/statement/report.js';
import { timestampSchema } from '@sealwatch/shared/measurement/field-schemas.js';
import * as z from 'zod/mini';
import type { BudgetStatus } from '../budget/budget.js';
import type { CycleSummary } from '../cycle/cycle.js';
import { boundedWatching, type Watching, watchingSchema } from './watching.js';

/** What a running agent lets `status` know. Nothing relies on it, so it is neither synced nor signed. */
export interface RunningStatus {
  readonly at: Timestamp;
  readonly pid: number;
  readonly startedAt: Timestamp;
  readonly connected: boolean;
  readonly nextScanAt: Timestamp;
  /** The policy's, milliseconds; left out without a release. */
  readonly scanIntervalMs?: number;
  readonly lastCycle: CycleSummary | null;
  readonly budget?: BudgetStatus;
  readonly watching?: Watching;
}

const count = z.int().check(z.nonnegative());
const ratio = z.number().check(z.nonnegative());

const schema: z.ZodMiniType<RunningStatus> = z.strictObject({
  at: timestampSchema,
  pid: count,
  startedAt: timestampSchema,
  connected: z.boolean(),
  nextScanAt: timestampSchema,
  scanIntervalMs: z.exactOptional(count),
  lastCycle: z.nullable(
    z.strictObject({
      at: timestampSchema,
      outcome: z.enum(['reported', 'sealed', 'deferred', 'unsealed', 'unchanged', 'failed']),
      findings: z.nullable(count),
      accounting: z.nullable(accountingSchema),
      error: z.string(),
    }),
  ),
  budget: z.exactOptional(z.strictObject({ cpuShare: ratio, bytesPerSecond: ratio, cpuShareSoFar: ratio })),
  watching: z.exactOptional(watchingSchema),
});

/** A hundred paths that are not watched, as long as paths can be, and the rest. */
const MAX_BYTES: number = 1024 * 1024;

export async function writeStatusFile(path: string, status: RunningStatus): Promise<void> {
  const { watching } = status;
  const bounded = watching === undefined ? status : { ...status, watching: boundedWatching(watching) };
  await writeFile(`${path}.new`, `${JSON.stringify(bounded)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Undefined if no agent has run here, or an older one that wrote something else. */
export async function readStatusFile(path: string): Promise<RunningStatus | undefined> {
  try {
    const bytes = await readPrivateFile(path);
    return parsePayload(bytes, { schema, what: path, maxBytes: MAX_BYTES, code: 'store.corrupt' });
  } catch {
    return undefined;
  }
}
