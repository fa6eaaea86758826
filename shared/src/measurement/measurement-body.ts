import { type Digest, sha256 } from '../hashing/digest.js';
import { parseBoundedJson } from '../runtime/bounded-json.js';
import { CodedError } from '../runtime/coded-error.js';
import { type Measurement, measurementSchema } from './measurement.js';

/** A measurement as it travels and is stored, once per digest. */
export interface MeasurementBody {
  readonly digest: Digest;
  readonly bytes: Buffer;
}

export const MAX_BODY_BYTES: number = 512 * 1024;

/** Keys in sorted order, so that equal measurements are equal bytes whoever built them. */
export function encodeMeasurement(measurement: Measurement): MeasurementBody {
  const bytes = Buffer.from(JSON.stringify(sorted(measurement)), 'utf8');
  return { digest: sha256(bytes), bytes };
}

/** @throws CodedError('statement.malformed') */
export function decodeMeasurement(bytes: Uint8Array): Measurement {
  const value = parseBoundedJson(bytes, {
    what: 'a measurement',
    maxBytes: MAX_BODY_BYTES,
    code: 'statement.malformed',
  });
  const parsed = measurementSchema.safeParse(value);
  if (!parsed.success) throw new CodedError('statement.malformed', 'a measurement has an unknown shape');
  return parsed.data;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
