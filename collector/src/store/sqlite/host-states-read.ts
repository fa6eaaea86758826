import { digestOf } from '@sealwatch/shared/hashing/digest.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Database } from 'better-sqlite3';
import type { ReadOperations } from './operations.js';
import { decodeEnvelope } from './stored-envelope.js';

interface StateRow {
  readonly name: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly digest: Buffer;
  readonly last_received_at: number;
  readonly evidence_at: number;
  readonly report: Buffer;
  readonly seal: Buffer | null;
}

export function hostStatesRead(db: Database): Pick<ReadOperations, 'hostStates'> {
  const select = db.prepare<[], StateRow>(
    `SELECT name, now.epoch, now.sequence, now.digest, last_received_at, evidence_at, reports.envelope AS report,
       (SELECT envelope FROM seals
        WHERE seals.host = now.host AND seals.epoch = now.epoch AND seals.sequence = now.sequence
        ORDER BY day DESC LIMIT 1) AS seal
     FROM host_states AS now JOIN hosts ON hosts.id = now.host JOIN reports ON reports.id = now.report
     ORDER BY now.host`,
  );
  return {
    hostStates: () =>
      select.all().map((row) => ({
        host: row.name,
        head: { epoch: row.epoch, sequence: row.sequence, digest: digestOf(row.digest) },
        report: decodeEnvelope(row.report),
        lastReceivedAt: timestamp(row.last_received_at),
        evidenceAt: timestamp(row.evidence_at),
        seal: row.seal === null ? null : decodeEnvelope(row.seal),
      })),
  };
}
