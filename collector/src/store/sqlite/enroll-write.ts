import { digestOf } from '@sealwatch/shared/hashing/digest.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import type { Database } from 'better-sqlite3';
import { certificateEnder, certificateInserter } from './certificate-rows.js';
import { type EnrollmentRow, newestEnrollment } from './enrollment-rows.js';
import type { WriteOperations } from './operations.js';
import type { WriteTools } from './report-writes.js';
import { requireUsableToken, TOKEN_COLUMNS, type TokenRow } from './token-rows.js';

export function enrollWrite(tools: WriteTools): Pick<WriteOperations, 'enroll'> {
  const { db, hosts, logEvent, raiseHighWater } = tools;
  const tokenByHash = db.prepare<[string], TokenRow>(`SELECT ${TOKEN_COLUMNS} FROM tokens WHERE hash = ?`);
  const useToken = db.prepare<[number, string]>('UPDATE tokens SET used_at = ? WHERE hash = ?');
  const openEpoch = db.prepare<[number, number, number]>(
    'INSERT INTO enrollments (host, epoch, enrolled_at) VALUES (?, ?, ?)',
  );
  const newest = newestEnrollment(db);
  const endCertificates = certificateEnder(db);
  const addCertificate = certificateInserter(db, 'refuse');
  const headOf = headReader(db);
  return {
    enroll({ tokenHash, at, certificates }) {
      const token = requireUsableToken(tokenByHash.get(tokenHash), at);
      const host = hosts.number(token.host);
      const before = newest(host);
      refuseTaken(token, before);
      for (const { name } of certificates) {
        if (name !== token.host) {
          throw new CodedError('host.mismatch', `the token is for ${token.host}, a certificate for ${name}`);
        }
      }
      const now = wallTime(at);
      const epoch = (before?.epoch ?? 0) + 1;
      useToken.run(now, tokenHash);
      endCertificates(token.host, now);
      openEpoch.run(host, epoch, now);
      for (const certificate of certificates) addCertificate(certificate, epoch);
      logEvent({ host, at: now, kind: 'enrollment', epoch, sequence: 0, ref: 0 });
      raiseHighWater(at);
      return { host: token.host, epoch, previousHead: headOf(host) ?? null };
    },
  };
}

/**
 * A living enrolment gives way only to a token made to replace it. After a revocation any token will do that was made
 * later: one that lay about when the host was revoked must not bring it back.
 */
function refuseTaken(token: TokenRow, before: EnrollmentRow | undefined): void {
  if (before === undefined) return;
  if (before.revoked_at === null) {
    if (token.replace === 1) return;
    throw new CodedError(
      'host.already-enrolled',
      `${token.host} is enrolled (epoch ${String(before.epoch)}); ` +
        `to replace its agent: sealwatch tokens create --host ${token.host} --replace`,
    );
  }
  if (token.created_at >= before.revoked_at) return;
  throw new CodedError(
    'token.invalid',
    `the enrolment token for ${token.host} was made before the host was revoked at ${timestamp(before.revoked_at)}; ` +
      'make a new one',
  );
}

function headReader(db: Database): (host: number) => Head | undefined {
  const select = db.prepare<[number], { epoch: number; sequence: number; digest: Buffer }>(
    'SELECT epoch, sequence, digest FROM host_states WHERE host = ?',
  );
  return (host) => {
    const row = select.get(host);
    return row === undefined ? undefined : { epoch: row.epoch, sequence: row.sequence, digest: digestOf(row.digest) };
  };
}
