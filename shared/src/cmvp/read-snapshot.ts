import * as z from 'zod/mini';
import { CodedError } from '../runtime/coded-error.js';
import { Problems } from '../runtime/problems.js';
import { parsePayload } from '../statement/parse-payload.js';
import { isCalendarDate } from './calendar-date.js';
import { type CmvpSnapshot, LISTED_STATUSES, VALIDATION_STANDARDS } from './cmvp-snapshot.js';

const MAX_BYTES = 4 * 1024 * 1024;

const date = z.string().check(z.refine(isCalendarDate, { error: 'no day like 2026-04-15' }));
const words = z.string().check(
  z.minLength(1),
  z.maxLength(500),
  z.refine((text) => text.trim() === text),
);

/** Strict: an unknown field is refused, never skipped. */
export const cmvpSnapshotSchema: z.ZodMiniType<CmvpSnapshot> = z.strictObject({
  schema: z.literal('sealwatch/cmvp/v1'),
  asOf: date,
  source: words,
  certificates: z
    .array(
      z.strictObject({
        number: z.int().check(z.gte(1), z.lte(999_999)),
        vendor: words,
        module: words,
        standard: z.enum(VALIDATION_STANDARDS),
        level: z.int().check(z.gte(1), z.lte(4)),
        status: z.enum(LISTED_STATUSES),
        validated: z.array(date).check(z.minLength(1), z.maxLength(100)),
        sunset: z.nullable(date),
        caveat: z.nullable(z.string().check(z.minLength(1), z.maxLength(2_000))),
        url: z.string().check(z.maxLength(500), z.regex(/^https:\/\/csrc\.nist\.gov\/[\w./-]+$/)),
      }),
    )
    .check(z.minLength(1), z.maxLength(10_000)),
});

/**
 * A snapshot an operator gives in place of the built-in one.
 * @param what names the file in errors
 * @throws CodedError('config.invalid') naming everything that is wrong
 */
export function readCmvpSnapshot(bytes: Uint8Array, what: string): CmvpSnapshot {
  const snapshot = parsePayload(bytes, {
    schema: cmvpSnapshotSchema,
    what,
    maxBytes: MAX_BYTES,
    code: 'config.invalid',
  });
  const problems = new Problems();
  const seen = new Set<number>();
  for (const { number, validated, sunset, status } of snapshot.certificates) {
    const path = `certificate ${String(number)}`;
    if (seen.has(number)) problems.add(path, 'is there twice');
    seen.add(number);
    if (validated.some((day, i) => i > 0 && day < (validated[i - 1] ?? '')))
      problems.add(path, 'validated is not in order');
    if (validated.some((day) => day > snapshot.asOf)) problems.add(path, 'was validated after the day of the snapshot');
    if (sunset !== null && sunset < (validated[0] ?? '')) problems.add(path, 'has its sunset before its validation');
    if (sunset !== null && status === 'active' && sunset < snapshot.asOf)
      problems.add(path, 'is active after its sunset');
  }
  problems.throwIfAny('config.invalid', what);
  return snapshot;
}

/** @throws CodedError('config.invalid') if a newer snapshot is replaced by an older one */
export function requireNewerSnapshot(given: CmvpSnapshot, current: CmvpSnapshot, what: string): void {
  if (given.asOf >= current.asOf) return;
  throw new CodedError('config.invalid', `${what} is of ${given.asOf}; the one in use is newer, of ${current.asOf}`);
}
