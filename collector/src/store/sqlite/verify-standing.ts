import type { Database } from 'better-sqlite3';

interface Standing {
  readonly name: string;
  readonly epoch: number;
}

const CHECKS: readonly { readonly sql: string; readonly problem: (found: Standing) => string }[] = [
  {
    // the history is append-only and says what happened; the enrolment's row says what counts
    sql: `SELECT DISTINCT name, history.epoch FROM history JOIN hosts ON hosts.id = history.host
      LEFT JOIN enrollments ON enrollments.host = history.host AND enrollments.epoch = history.epoch
      WHERE kind = 'revocation' AND revoked_at IS NULL`,
    problem: ({ name, epoch }) => `enrolment ${String(epoch)} of ${name} was revoked, and counts again`,
  },
  {
    sql: `SELECT DISTINCT hosts.name, certificates.epoch FROM certificates
      JOIN hosts ON hosts.name = certificates.name JOIN enrollments ON enrollments.host = hosts.id
      WHERE purpose IN ('host-signing', 'host-tls') AND certificates.revoked_at IS NULL
        AND (enrollments.epoch > certificates.epoch
          OR (enrollments.epoch = certificates.epoch AND enrollments.revoked_at IS NOT NULL))`,
    problem: ({ name, epoch }) => `a certificate of the ended enrolment ${String(epoch)} of ${name} counts again`,
  },
  {
    sql: `SELECT name, newest.epoch FROM reports AS newest JOIN hosts ON hosts.id = newest.host
      LEFT JOIN host_states AS now ON now.host = newest.host
      WHERE NOT EXISTS (SELECT 1 FROM reports AS later WHERE later.host = newest.host
          AND (later.epoch, later.sequence) > (newest.epoch, newest.sequence))
        AND (now.report IS NOT newest.id OR now.digest IS NOT newest.digest
          OR now.epoch IS NOT newest.epoch OR now.sequence IS NOT newest.sequence)`,
    problem: ({ name }) => `${name} does not stand at its newest report`,
  },
];

/** What counts now against what was recorded: a revocation that was taken back, a host set back to an older report. */
export function* standingProblems(db: Database): Iterable<string> {
  for (const { sql, problem } of CHECKS) {
    for (const found of db.prepare<[], Standing>(sql).iterate()) yield problem(found);
  }
}
