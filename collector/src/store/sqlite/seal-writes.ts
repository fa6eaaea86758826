import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { digestBytes } from '@sealwatch/shared/hashing/digest.js';
import { wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { SealRecord } from '../report-store.js';
import type { WriteOperations } from './operations.js';
import type { WriteTools } from './report-writes.js';
import { encodeEnvelope } from './stored-envelope.js';

const DAY_MS = 86_400_000;
/** A seal that ended later than this after it came was signed by a clock that ran ahead. */
const AHEAD_MS = 5 * 60_000;

interface SealRow {
  readonly host: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly day: number;
  readonly digest: Buffer;
  readonly since: number;
  readonly until: number;
  readonly receivedAt: number;
  readonly envelope: Buffer;
}

export function sealWrites(tools: WriteTools): Pick<WriteOperations, 'recordSeal'> {
  const { db, hosts, logEvent, raiseHighWater } = tools;
  const reportAt = db
    .prepare<[number, number, number], Buffer>(
      'SELECT digest FROM reports WHERE host = ? AND epoch = ? AND sequence = ?',
    )
    .pluck();
  const sameDay = db.prepare<[number, number, number, number], { digest: Buffer; until: number; received_at: number }>(
    'SELECT digest, until, received_at FROM seals WHERE host = ? AND epoch = ? AND sequence = ? AND day = ?',
  );
  const put = db.prepare<[SealRow]>(
    `INSERT INTO seals (host, epoch, sequence, day, digest, since, until, received_at, envelope)
     VALUES (@host, @epoch, @sequence, @day, @digest, @since, @until, @receivedAt, @envelope)
     ON CONFLICT DO UPDATE SET digest = excluded.digest, since = excluded.since, until = excluded.until,
       received_at = excluded.received_at, envelope = excluded.envelope`,
  );
  const freshen = db.prepare<[SealRow]>(
    `UPDATE host_states SET last_received_at = max(last_received_at, @receivedAt), evidence_at = max(evidence_at, @until)
     WHERE host = @host AND epoch = @epoch AND sequence = @sequence`,
  );
  return {
    recordSeal(record) {
      const { head } = record;
      const host = hosts.number(record.host);
      if (reportAt.get(host, head.epoch, head.sequence)?.equals(digestBytes(head.digest)) !== true)
        throw unsealed(record);
      const row = sealRow(host, record);
      const before = sameDay.get(host, head.epoch, head.sequence, row.day);
      // a seal that ends earlier than the one kept says nothing new: it was sent again, late
      if (before?.digest.equals(row.digest) === true || (before !== undefined && endsLater(before, row))) {
        return 'duplicate';
      }
      put.run(row);
      freshen.run(row);
      if (before === undefined) {
        const { epoch, sequence } = head;
        logEvent({ host, at: row.receivedAt, kind: 'seal', epoch, sequence, ref: row.day });
      }
      raiseHighWater(record.receivedAt);
      return 'recorded';
    },
  };
}

function endsLater(kept: { until: number; received_at: number }, row: SealRow): boolean {
  return kept.until > row.until && kept.until <= kept.received_at + AHEAD_MS;
}

function sealRow(host: number, { head, digest, envelope, since, until, receivedAt }: SealRecord): SealRow {
  const end = wallTime(until);
  return {
    host,
    epoch: head.epoch,
    sequence: head.sequence,
    day: Math.floor(end / DAY_MS),
    digest: digestBytes(digest),
    since: wallTime(since),
    until: end,
    receivedAt: wallTime(receivedAt),
    envelope: encodeEnvelope(envelope),
  };
}

function unsealed({ host, head }: SealRecord): CodedError {
  const place = `${String(head.epoch)}/${String(head.sequence)}`;
  return new CodedError('report.rejected', `${host} sealed report ${place}, which is not recorded with that digest`);
}
