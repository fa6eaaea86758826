import type { MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import { MAX_SUBJECTS } from '@sealwatch/shared/statement/report.js';
import { MAX_ATTEST_REQUEST_BYTES } from '@sealwatch/shared/wire/wire-limits.js';

/** Digest, field headers and what deflate may add to bytes that do not compress. */
const OVERHEAD = 160;
/** Signature, headers and everything else in a message. */
const RESERVE = 32 * 1024;

/** Splits bodies so that each batch fits a message that already carries `taken` bytes; the first batch may be empty. */
export function bodyBatches(bodies: readonly MeasurementBody[], taken = 0): MeasurementBody[][] {
  const batches: MeasurementBody[][] = [];
  let batch: MeasurementBody[] = [];
  let left = MAX_ATTEST_REQUEST_BYTES - RESERVE - taken;
  for (const body of bodies) {
    const size = body.bytes.length + OVERHEAD;
    if (size > left || batch.length === MAX_SUBJECTS) {
      batches.push(batch);
      batch = [];
      left = MAX_ATTEST_REQUEST_BYTES - RESERVE;
    }
    batch.push(body);
    left -= size;
  }
  batches.push(batch);
  return batches;
}
