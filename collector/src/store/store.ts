import type { EnrollmentStore } from './enrollment-store.js';
import type { ReleaseStore } from './release-store.js';
import type { ReportStore } from './report-store.js';

/** All the collector remembers. Use cases take the slice they need. */
export interface Store extends EnrollmentStore, ReleaseStore, ReportStore {
  close(): Promise<void>;
}
