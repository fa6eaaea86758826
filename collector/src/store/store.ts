import type { EnrollmentStore } from './enrollment-store.js';
import type { ReleaseStore } from './release-store.js';
import type { ReportStore } from './report-store.js';

/** All the collector remembers. Use cases take the slice they need. */
export interface Store extends EnrollmentStore, ReleaseStore, ReportStore {
  /** Resolves when both connections have answered, after what was asked before. */
  pulse(): Promise<void>;
  close(): Promise<void>;
}
