import type { Database } from 'better-sqlite3';

export interface EnrollmentRow {
  /** The host's number. */
  readonly host: number;
  readonly epoch: number;
  readonly revoked_at: number | null;
}

/** A host's newest enrolment. */
export function newestEnrollment(db: Database): (host: number) => EnrollmentRow | undefined {
  const select = db.prepare<[number], EnrollmentRow>(
    'SELECT host, epoch, revoked_at FROM enrollments WHERE host = ? ORDER BY epoch DESC LIMIT 1',
  );
  return (host) => select.get(host);
}
