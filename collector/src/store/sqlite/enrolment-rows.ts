import type { Database } from 'better-sqlite3';

export interface EnrolmentRow {
  /** The host's number. */
  readonly host: number;
  readonly epoch: number;
  readonly revoked_at: number | null;
}

/** A host's newest enrolment. */
export function newestEnrolment(db: Database): (host: number) => EnrolmentRow | undefined {
  const select = db.prepare<[number], EnrolmentRow>(
    'SELECT host, epoch, revoked_at FROM enrolments WHERE host = ? ORDER BY epoch DESC LIMIT 1',
  );
  return (host) => select.get(host);
}
