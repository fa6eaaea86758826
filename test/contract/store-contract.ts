import { describe } from 'vitest';
import type { TestStore } from '../fakes/test-store.js';
import { storeEnrollmentContract } from './store-enrollment-contract.js';
import { storeHistoryContract } from './store-history-contract.js';
import { storeReleaseContract } from './store-release-contract.js';
import { storeReportContract } from './store-report-contract.js';
import { storeSubjectHistoryContract } from './store-subject-history-contract.js';

/** What every implementation of the store must do, whatever it is made of. */
export function storeContract(name: string, open: () => Promise<TestStore>): void {
  describe(`${name} keeps the store contract`, () => {
    describe('reports and seals', () => {
      storeReportContract(open);
    });
    describe('history', () => {
      storeHistoryContract(open);
    });
    describe('history of a subject', () => {
      storeSubjectHistoryContract(open);
    });
    describe('enrolment', () => {
      storeEnrollmentContract(open);
    });
    describe('releases', () => {
      storeReleaseContract(open);
    });
  });
}
