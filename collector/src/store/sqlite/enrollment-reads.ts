import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Database } from 'better-sqlite3';
import { CERTIFICATE_COLUMNS, certificateOf, type CertificateRow } from './certificate-rows.js';
import type { ReadOperations } from './operations.js';
import { TOKEN_COLUMNS, tokenOf, type TokenRow } from './token-rows.js';

type EnrollmentReads = Pick<ReadOperations, 'token' | 'certificateByKeyid' | 'certificatesOf' | 'hosts'>;

interface HostRow {
  readonly name: string;
  readonly epoch: number;
  readonly enrolled_at: number;
  readonly revoked_at: number | null;
}

export function enrollmentReads(db: Database): EnrollmentReads {
  const token = db.prepare<[string], TokenRow>(`SELECT ${TOKEN_COLUMNS} FROM tokens WHERE hash = ?`);
  // a key can be certified again: the newest record is the one that counts
  const byKeyid = db.prepare<[string], CertificateRow>(
    `SELECT ${CERTIFICATE_COLUMNS} FROM certificates WHERE keyid = ? ORDER BY id DESC LIMIT 1`,
  );
  const byName = db.prepare<[string, string], CertificateRow>(
    `SELECT ${CERTIFICATE_COLUMNS} FROM certificates
     WHERE name = ? AND purpose IN (SELECT value FROM json_each(?)) ORDER BY id`,
  );
  const hosts = db.prepare<[], HostRow>(
    `SELECT name, epoch, enrolled_at, revoked_at FROM enrollments JOIN hosts ON hosts.id = enrollments.host
     WHERE epoch = (SELECT max(epoch) FROM enrollments AS newest WHERE newest.host = enrollments.host) ORDER BY name`,
  );
  return {
    token(hash) {
      const row = token.get(hash);
      return row === undefined ? undefined : tokenOf(row);
    },
    certificateByKeyid(keyid) {
      const row = byKeyid.get(keyid);
      return row === undefined ? undefined : certificateOf(row);
    },
    certificatesOf: (purposes, name) => byName.all(name, JSON.stringify(purposes)).map(certificateOf),
    hosts: () =>
      hosts.all().map(({ name, epoch, enrolled_at, revoked_at }) => ({
        name,
        epoch,
        enrolledAt: timestamp(enrolled_at),
        revokedAt: revoked_at === null ? null : timestamp(revoked_at),
      })),
  };
}
