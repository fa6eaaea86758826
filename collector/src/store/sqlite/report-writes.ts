import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { digestBytes } from '@sealwatch/shared/hashing/digest.js';
import { wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { Database } from 'better-sqlite3';
import type { ReportRecord } from '../report-store.js';
import type { HistoryLine, LogEvent } from './history-log.js';
import type { HostNumbers } from './host-numbers.js';
import type { RaiseHighWater } from './high-water-mark.js';
import type { WriteOperations } from './operations.js';
import { packBytes } from './packed-bytes.js';
import { encodeEnvelope } from './stored-envelope.js';
import { encodeFindings } from './stored-findings.js';

export interface WriteTools {
  readonly db: Database;
  readonly hosts: HostNumbers;
  readonly logEvent: LogEvent;
  readonly raiseHighWater: RaiseHighWater;
}

export function reportWrites(tools: WriteTools): Pick<WriteOperations, 'recordReport'> {
  const { db, hosts, logEvent, raiseHighWater } = tools;
  const standing = db
    .prepare<[number, number, number], Buffer>(
      'SELECT digest FROM reports WHERE host = ? AND epoch = ? AND sequence = ?',
    )
    .pluck();
  const insert = db.prepare<[number, number, number, Buffer, number, number, string, Buffer | null, Buffer]>(
    `INSERT INTO reports (host, epoch, sequence, digest, signed_at, received_at, verdict, findings, envelope)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const recordEvidence = reportEvidence(db);
  const moveHead = headMover(db);
  return {
    recordReport(record) {
      const { head, signedAt, receivedAt } = record;
      const host = hosts.number(record.host);
      const digest = digestBytes(head.digest);
      const there = standing.get(host, head.epoch, head.sequence);
      if (there?.equals(digest) === true) return 'duplicate';
      if (there !== undefined) throw fork(record);
      const { lastInsertRowid } = insert.run(
        host,
        head.epoch,
        head.sequence,
        digest,
        wallTime(signedAt),
        wallTime(receivedAt),
        record.verdict,
        encodeFindings(record.findings),
        encodeEnvelope(record.envelope),
      );
      const report = Number(lastInsertRowid);
      recordEvidence(host, record);
      moveHead({
        host,
        report,
        epoch: head.epoch,
        sequence: head.sequence,
        digest,
        receivedAt: wallTime(receivedAt),
        signedAt: wallTime(signedAt),
      });
      for (const line of historyLines(host, report, record)) logEvent(line);
      raiseHighWater(receivedAt);
      return 'recorded';
    },
  };
}

function fork({ host, head }: ReportRecord): CodedError {
  const place = `report ${String(head.epoch)}/${String(head.sequence)} of ${host}`;
  return new CodedError('chain.fork', `${place} is recorded with another digest than ${head.digest}`);
}

/** Bodies and authorities, each kept at its first sight. */
function reportEvidence(db: Database): (host: number, record: ReportRecord) => void {
  const known = db.prepare<[Buffer], number>('SELECT 1 FROM bodies WHERE digest = ?').pluck();
  const addBody = db.prepare<[Buffer, Buffer]>('INSERT INTO bodies (digest, bytes) VALUES (?, ?)');
  const addAuthority = db.prepare<[number, string, Buffer, number]>(
    'INSERT OR IGNORE INTO authorities (host, aspect, digest, first_seen_at) VALUES (?, ?, ?, ?)',
  );
  return (host, { bodies, authorities, receivedAt }) => {
    for (const body of bodies) {
      const digest = digestBytes(body.digest);
      if (known.get(digest) === undefined) addBody.run(digest, packBytes(body.bytes));
    }
    for (const { aspect, digest } of authorities)
      addAuthority.run(host, aspect, digestBytes(digest), wallTime(receivedAt));
  };
}

interface HeadMove {
  readonly host: number;
  readonly report: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly digest: Buffer;
  readonly receivedAt: number;
  readonly signedAt: number;
}

/**
 * The head only goes forward: a report that fills an older place is kept but does not lead. With a new head the time
 * of the evidence is that report's own, even if an earlier seal named a later one (the host's clock was put right).
 */
function headMover(db: Database): (move: HeadMove) => void {
  const move = db.prepare<[HeadMove]>(
    `INSERT INTO host_states (host, report, epoch, sequence, digest, last_received_at, evidence_at)
     VALUES (@host, @report, @epoch, @sequence, @digest, @receivedAt, @signedAt)
     ON CONFLICT (host) DO UPDATE SET
       report = excluded.report, epoch = excluded.epoch, sequence = excluded.sequence, digest = excluded.digest,
       last_received_at = max(last_received_at, excluded.last_received_at), evidence_at = excluded.evidence_at
     WHERE (excluded.epoch, excluded.sequence) > (epoch, sequence)`,
  );
  return (to) => void move.run(to);
}

function* historyLines(host: number, report: number, record: ReportRecord): Iterable<HistoryLine> {
  const { head, gapFrom, unprovenSince, isFolded } = record;
  const { epoch, sequence } = head;
  const at = wallTime(record.receivedAt);
  if (gapFrom !== null) {
    yield { host, at, kind: 'gap', epoch, sequence: gapFrom, ref: sequence - 1 };
  }
  if (unprovenSince !== null) {
    yield { host, at, kind: 'unproven', epoch, sequence, ref: wallTime(unprovenSince) };
  }
  yield { host, at, kind: 'report', epoch, sequence, ref: report };
  if (isFolded) yield { host, at, kind: 'folded', epoch, sequence, ref: report };
}
