import { digestOf, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { countSchema, digestSchema, timestampSchema } from '@sealwatch/shared/measurement/field-schemas.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { MAX_REPORT_BYTES, type Report } from '@sealwatch/shared/statement/report.js';
import * as z from 'zod/mini';
import { decodeEnvelope } from './stored-envelope.js';

type StoredReport = Pick<Report, 'host' | 'epoch' | 'sequence' | 'at' | 'subjects'> & {
  readonly folded: Report['folded'];
};

/** What is asked of old reports and no more: those of every agent that ever reported have it. */
const schema: z.ZodMiniType<StoredReport> = z.looseObject({
  host: z.string(),
  epoch: countSchema,
  sequence: countSchema,
  at: timestampSchema,
  subjects: z.array(z.looseObject({ id: z.string(), measurement: digestSchema })),
  folded: z.nullable(z.looseObject({ changes: countSchema, since: timestampSchema })),
});

/**
 * The signed bytes of a row, if they are the ones that were recorded there.
 * @throws CodedError('store.corrupt')
 */
export function openStoredReport(
  host: string,
  row: { readonly epoch: number; readonly sequence: number; readonly digest: Buffer; readonly envelope: Buffer },
): StoredReport {
  const what = `the stored report ${String(row.epoch)}/${String(row.sequence)} of ${host}`;
  const { payload } = decodeEnvelope(row.envelope);
  if (sha256(payload) !== digestOf(row.digest)) throw corrupt(`${what} is not the one that was recorded`);
  const report = parsePayload(payload, { schema, what, maxBytes: MAX_REPORT_BYTES, code: 'store.corrupt' });
  if (report.host !== host || report.epoch !== row.epoch || report.sequence !== row.sequence) {
    throw corrupt(`${what} speaks of another place`);
  }
  return report;
}

function corrupt(what: string): CodedError {
  return new CodedError('store.corrupt', `${what}; restore the store from its last backup`);
}
