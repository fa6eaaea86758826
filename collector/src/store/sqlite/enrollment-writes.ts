import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import { certificateEnder, certificateInserter } from './certificate-rows.js';
import { newestEnrollment } from './enrollment-rows.js';
import type { WriteOperations } from './operations.js';
import type { WriteTools } from './report-writes.js';

type EnrollmentWrites = Pick<WriteOperations, 'addToken' | 'renew' | 'recordCertificates' | 'revokeHost'>;

export function enrollmentWrites(tools: WriteTools): EnrollmentWrites {
  const { db, hosts, logEvent, raiseHighWater } = tools;
  const insertToken = db.prepare<[string, string, number, number, number]>(
    `INSERT INTO tokens (hash, host, created_at, expires_at, replace) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (hash) DO NOTHING`,
  );
  const useNonce = db.prepare<[number, string, number]>(
    'INSERT OR IGNORE INTO renewal_nonces (host, nonce, used_at) VALUES (?, ?, ?)',
  );
  const endEnrollment = db.prepare<[number, string, string, number, number]>(
    'UPDATE enrollments SET revoked_at = ?, revoked_by = ?, revoked_reason = ? WHERE host = ? AND epoch = ?',
  );
  const newest = newestEnrollment(db);
  const enrollmentOf = (name: string) => {
    const number = hosts.find(name);
    const row = number === undefined ? undefined : newest(number);
    if (row === undefined) throw new CodedError('host.unknown', `${name} was never enrolled`);
    return row;
  };
  const addNew = certificateInserter(db, 'refuse');
  const addUnknown = certificateInserter(db, 'keep');
  const endCertificates = certificateEnder(db);
  return {
    addToken({ hash, host, createdAt, expiresAt, replace }) {
      insertToken.run(hash, host, wallTime(createdAt), wallTime(expiresAt), replace ? 1 : 0);
      raiseHighWater(createdAt);
    },
    renew({ host, epoch, nonce, at, certificates }) {
      const enrollment = enrollmentOf(host);
      if (epoch > enrollment.epoch) {
        throw new CodedError('host.unknown', `${host} has no enrolment ${String(epoch)}`);
      }
      if (epoch < enrollment.epoch || enrollment.revoked_at !== null) {
        throw new CodedError('host.revoked', `enrolment ${String(epoch)} of ${host} was ended; enrol again`);
      }
      if (useNonce.run(enrollment.host, nonce, wallTime(at)).changes === 0) {
        throw new CodedError('token.used', `${host} sent this renewal before; each is good once`);
      }
      for (const certificate of certificates) {
        if (certificate.name !== host) {
          throw new CodedError('host.mismatch', `${host} can't renew a certificate of ${certificate.name}`);
        }
        addNew(certificate, epoch);
      }
      raiseHighWater(at);
    },
    recordCertificates(certificates) {
      for (const certificate of certificates) addUnknown(certificate, 0);
    },
    revokeHost({ host, at, reason, by }) {
      const enrollment = enrollmentOf(host);
      const now = wallTime(at);
      const ended = endCertificates(host, now);
      if (enrollment.revoked_at === null) {
        endEnrollment.run(now, by, reason, enrollment.host, enrollment.epoch);
        logEvent({ host: enrollment.host, at: now, kind: 'revocation', epoch: enrollment.epoch, sequence: 0, ref: 0 });
      }
      raiseHighWater(at);
      return ended;
    },
  };
}
