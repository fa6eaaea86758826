import { timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { Database } from 'better-sqlite3';
import type { CertificatePurpose, CertificateRecord, NewCertificate } from '../enrollment-store.js';

export interface CertificateRow {
  readonly serial: string;
  readonly purpose: CertificatePurpose;
  readonly name: string;
  readonly epoch: number;
  readonly keyid: string;
  readonly not_before: number;
  readonly not_after: number;
  readonly revoked_at: number | null;
  readonly der: Buffer;
}

export const CERTIFICATE_COLUMNS = 'serial, purpose, name, epoch, keyid, not_before, not_after, revoked_at, der';

export function certificateOf(row: CertificateRow): CertificateRecord {
  const { serial, purpose, name, epoch, keyid, der } = row;
  return {
    serial,
    purpose,
    name,
    epoch,
    keyid,
    notBefore: timestamp(row.not_before),
    notAfter: timestamp(row.not_after),
    revokedAt: row.revoked_at === null ? null : timestamp(row.revoked_at),
    der,
  };
}

/** With `known: 'keep'` a serial that is there is left alone; otherwise it is an error. */
export function certificateInserter(
  db: Database,
  known: 'keep' | 'refuse',
): (certificate: NewCertificate, epoch: number) => void {
  const insert = db.prepare<[string, string, string, number, string, number, number, Buffer]>(
    `INSERT INTO certificates (serial, purpose, name, epoch, keyid, not_before, not_after, der)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ${known === 'keep' ? 'ON CONFLICT (serial) DO NOTHING' : ''}`,
  );
  return ({ serial, purpose, name, keyid, notBefore, notAfter, der }, epoch) =>
    void insert.run(serial, purpose, name, epoch, keyid, wallTime(notBefore), wallTime(notAfter), der);
}

/** Ends what is not ended yet of a host's certificates; returns how many. */
export function certificateEnder(db: Database): (host: string, at: number) => number {
  const end = db.prepare<[number, string]>(
    `UPDATE certificates SET revoked_at = ?
     WHERE name = ? AND purpose IN ('host-signing', 'host-tls') AND revoked_at IS NULL`,
  );
  return (host, at) => end.run(at, host).changes;
}
