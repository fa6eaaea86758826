import { type Digest, digestBytes, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { MAX_BODY_BYTES } from '@sealwatch/shared/measurement/measurement-body.js';
import { CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp, type Timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Database } from 'better-sqlite3';
import type { SubjectState } from '../report-store.js';
import { type ChainPlace, formatChainCursor, parseChainCursor } from './chain-cursor.js';
import { openStoredReport } from './open-stored-report.js';
import type { ReadOperations } from './operations.js';
import { unpackBytes } from './packed-bytes.js';

interface ReportRow extends ChainPlace {
  readonly received_at: number;
  readonly digest: Buffer;
  readonly envelope: Buffer;
}

/** What one report says of the subject. */
interface Sighting extends ChainPlace {
  readonly signedAt: Timestamp;
  readonly receivedAt: Timestamp;
  readonly measurement: Digest | null;
  readonly foldedChanges: number;
}

const MAX_PAGE = 100;
/** Reports and packed bytes one call looks into at most, so that no question holds up the others for long. */
const MAX_REPORTS = 64;
const MAX_PACKED_BYTES = 256 * 1024;

/**
 * Subjects stand inside the signed reports only: a host's chain is walked down its index, and each report is laid
 * beside the one before it. Bodies are read for the changes alone.
 */
export function subjectHistoryRead(db: Database): Pick<ReadOperations, 'subjectHistory'> {
  const select = db.prepare<[string, number, number], ReportRow>(
    `SELECT epoch, sequence, received_at, digest, envelope FROM reports
     WHERE host = (SELECT id FROM hosts WHERE name = ?) AND (epoch, sequence) <= (?, ?)
     ORDER BY epoch DESC, sequence DESC`,
  );
  const bodyOf = bodyReader(db);
  return {
    subjectHistory(host, subject, { size, cursor }) {
      if (!Number.isInteger(size) || size < 1) {
        throw new CodedError('usage.invalid', `a page of ${String(size)} changes can't be made; ask for 1 or more`);
      }
      const { epoch, sequence } = parseChainCursor(cursor);
      const wanted = Math.min(size, MAX_PAGE);
      const changes: SubjectState[] = [];
      let [reports, bytes] = [0, 0];
      let later: Sighting | undefined;
      let next = '';
      for (const row of select.iterate(host, epoch, sequence)) {
        const seen = sighting(host, row, subject);
        if (later !== undefined) {
          if (later.measurement !== seen.measurement) changes.push(stateAt(later, missingBetween(seen, later)));
          // what this report says is only known for a change beside the one before it: the next page begins here
          if (changes.length === wanted || reports >= MAX_REPORTS || bytes >= MAX_PACKED_BYTES) {
            next = formatChainCursor(seen);
            break;
          }
        }
        later = seen;
        reports++;
        bytes += row.envelope.length;
      }
      if (next === '' && later !== undefined && later.measurement !== null) {
        changes.push(stateAt(later, later.sequence - 1));
      }
      return {
        items: changes.map((change) => ({ ...change, body: change.digest === null ? null : bodyOf(change.digest) })),
        next,
      };
    },
  };
}

function sighting(host: string, row: ReportRow, subject: string): Sighting {
  const { epoch, sequence } = row;
  const report = openStoredReport(host, row);
  return {
    epoch,
    sequence,
    signedAt: report.at,
    receivedAt: timestamp(row.received_at),
    measurement: report.subjects.find(({ id }) => id === subject)?.measurement ?? null,
    foldedChanges: report.folded?.changes ?? 0,
  };
}

function stateAt(seen: Sighting, missingReports: number): SubjectState {
  const { epoch, sequence, signedAt, receivedAt, measurement, foldedChanges } = seen;
  return { epoch, sequence, signedAt, receivedAt, digest: measurement, body: null, missingReports, foldedChanges };
}

/** An epoch begins with 1, wherever the one before ended. */
function missingBetween(earlier: ChainPlace, later: ChainPlace): number {
  return later.sequence - 1 - (earlier.epoch === later.epoch ? earlier.sequence : 0);
}

/** Null for a body that is not there or is not the one its digest names: the change itself is still told. */
function bodyReader(db: Database): (digest: Digest) => Buffer | null {
  const select = db.prepare<[Buffer], Buffer>('SELECT bytes FROM bodies WHERE digest = ?').pluck();
  return (digest) => {
    const packed = select.get(digestBytes(digest));
    if (packed === undefined) return null;
    try {
      const bytes = unpackBytes(packed);
      return bytes.length <= MAX_BODY_BYTES && sha256(bytes) === digest ? bytes : null;
    } catch (error) {
      if (isCoded(error, 'store.corrupt')) return null;
      throw error;
    }
  };
}
