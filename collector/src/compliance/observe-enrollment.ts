import type { EnrollmentStore } from '../store/enrollment-store.js';
import type { PostureBoard } from './posture-board.js';

/**
 * The enrolment store as everyone else uses it: whatever changes who is enrolled changes the posture at once, and an
 * enrolment that replaces another ends the old one's stream.
 */
export function observeEnrollment(
  store: EnrollmentStore,
  { board, endStreamsOf }: { board: PostureBoard; endStreamsOf: (host: string) => boolean },
): EnrollmentStore {
  return {
    addToken: (token) => store.addToken(token),
    token: (hash) => store.token(hash),
    enroll: async (enrollment) => {
      const enrolled = await store.enroll(enrollment);
      endStreamsOf(enrolled.host);
      board.state(enrolled.host).enrollment = { epoch: enrolled.epoch, revoked: false };
      board.rejudge(enrolled.host);
      return enrolled;
    },
    renew: (renewal) => store.renew(renewal),
    recordCertificates: (certificates) => store.recordCertificates(certificates),
    certificateByKeyid: (keyid) => store.certificateByKeyid(keyid),
    certificatesOf: (purposes, name) => store.certificatesOf(purposes, name),
    revokeHost: async (revocation) => {
      const count = await store.revokeHost(revocation);
      const state = board.state(revocation.host);
      if (state.enrollment !== null) state.enrollment = { ...state.enrollment, revoked: true };
      board.rejudge(revocation.host);
      return count;
    },
    hosts: () => store.hosts(),
  };
}
