import type { PostureRecord } from './posture-record.js';

/** What has to bring an act to the collector's notice. */
export type By = 'event' | 'scan' | 'mounts' | 'probe' | 'deadline';

/** A place where acts are done, with a host that a collector judges. */
export interface Place {
  readonly host: string;
  readonly record: PostureRecord;
}

/** One act, what must be said of it, and how it is undone. */
export interface Row<P extends Place> {
  /** `9b`: the second act of row 9 of the catalogue. */
  readonly number: string;
  readonly act: string;
  readonly by: By;
  /** What the act needs and is not yet one itself. */
  readonly prepare?: (place: P) => Promise<void> | void;
  readonly commit: (place: P) => Promise<void> | void;
  /** The reason that the collector has to give: finding code, space, subject. */
  readonly reason: (place: P) => string;
  readonly mend: (place: P) => Promise<void> | void;
  /** Directories where something of it might be seen on disk; left out: nowhere. */
  readonly directories?: (place: P) => readonly string[];
}
