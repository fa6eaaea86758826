import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { envelopeToJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { syncDirectory } from '@sealwatch/shared/runtime/durable-file.js';
import { ensurePrivateDirectory, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { writeHeadFile } from '../outbox/head-file.js';
import { writeCertifiedKey } from '../state/certified-key.js';
import type { EnrollmentRecord } from '../state/enrollment-record.js';
import { finishEnrollment } from '../state/open-state-dir.js';
import { writeRelease } from '../state/release-files.js';
import { type StatePaths, statePaths } from '../state/state-paths.js';
import type { OpenedAnswer } from './open-answer.js';

/**
 * Makes a verified answer this host's enrolment. All of it is written beside the old one first and named complete by
 * one rename: before that a crash leaves everything as it was, after it `finishEnrollment` goes on at the next start.
 */
export async function storeEnrollment(
  paths: StatePaths,
  enrollment: { record: EnrollmentRecord; rootPem: string; opened: OpenedAnswer },
): Promise<void> {
  const { record, rootPem, opened } = enrollment;
  const draft = join(paths.stateDir, 'enrolled.draft');
  await rm(draft, { recursive: true, force: true });
  const rooms = statePaths(draft);
  for (const room of [rooms.identity, rooms.trust, rooms.outbox, rooms.rejected]) await ensurePrivateDirectory(room);
  await writeCertifiedKey(rooms.identity, 'signing', opened.signing);
  await writeCertifiedKey(rooms.identity, 'tls', opened.tls);
  await writePrivateFile(rooms.rootCertificate, rootPem);
  await writePrivateFile(rooms.inception, envelopeToJson(opened.inception.envelope));
  if (opened.release !== undefined) await writeRelease(rooms.release, opened.release);
  await writeHeadFile(rooms.outbox, { head: null, bodies: [] });
  await writePrivateFile(rooms.enrollment, `${JSON.stringify(record, null, 2)}\n`);
  await syncDirectory(draft);
  await rename(draft, paths.next);
  await syncDirectory(paths.stateDir);
  await finishEnrollment(paths);
}
