import { type Digest, digestOf, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { MAX_REPORT_BYTES, type Report, reportSchema } from '@sealwatch/shared/statement/report.js';
import type { Database } from 'better-sqlite3';
import { decodeEnvelope } from './stored-envelope.js';

interface ReportRow {
  readonly id: number;
  readonly name: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly digest: Buffer;
  readonly envelope: Buffer;
}

/** A report read so far: where the next one has to follow. */
interface Link {
  readonly name: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly digest: Digest;
}

/**
 * Every report is the one its digest names, speaks of the host and place it is stored at, and follows the one before
 * it. Missing sequences are no problem if the gap was recorded when it was met.
 */
export function* chainProblems(db: Database): Iterable<string> {
  const reports = db.prepare<[], ReportRow>(
    `SELECT reports.id, name, epoch, sequence, digest, envelope FROM reports JOIN hosts ON hosts.id = host
     ORDER BY host, epoch, sequence`,
  );
  const isRecordedGap = recordedGaps(db);
  let before: Link | undefined;
  for (const row of reports.iterate()) {
    const link: Link = { name: row.name, epoch: row.epoch, sequence: row.sequence, digest: digestOf(row.digest) };
    const place = `report ${String(link.epoch)}/${String(link.sequence)} of ${link.name}`;
    try {
      const { payload } = decodeEnvelope(row.envelope);
      if (sha256(payload) !== link.digest) yield `${place}: its bytes have another digest`;
      else {
        const report = parsePayload(payload, {
          schema: reportSchema,
          what: place,
          maxBytes: MAX_REPORT_BYTES,
          code: 'store.corrupt',
        });
        yield* linkProblems(report, link, before?.name === link.name ? before : undefined, isRecordedGap);
      }
    } catch (error) {
      yield `${place}: ${reasonOf(error)}`;
    }
    before = link;
  }
}

function* linkProblems(
  report: Report,
  link: Link,
  before: Link | undefined,
  isRecordedGap: (link: Link, from: number) => boolean,
): Iterable<string> {
  const place = `report ${String(link.epoch)}/${String(link.sequence)} of ${link.name}`;
  if (report.host !== link.name || report.epoch !== link.epoch || report.sequence !== link.sequence) {
    yield `${place}: it says it is ${String(report.epoch)}/${String(report.sequence)} of ${report.host}`;
    return;
  }
  const expected = before?.epoch === link.epoch ? before.sequence + 1 : 1;
  if (link.sequence !== expected) {
    if (!isRecordedGap(link, expected)) yield `${place}: the reports from ${String(expected)} on are gone`;
    return;
  }
  if (report.previous !== (before?.digest ?? null)) yield `${place}: it does not follow the report before it`;
}

function recordedGaps(db: Database): (link: Link, from: number) => boolean {
  const gap = db
    .prepare<[string, number, number, number], number>(
      `SELECT 1 FROM history JOIN hosts ON hosts.id = host
       WHERE name = ? AND kind = 'gap' AND epoch = ? AND sequence = ? AND ref = ?`,
    )
    .pluck();
  return ({ name, epoch, sequence }, from) => gap.get(name, epoch, from, sequence - 1) !== undefined;
}
