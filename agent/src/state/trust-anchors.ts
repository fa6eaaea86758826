import { envelopeFromJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import type { PublicKey } from '@sealwatch/shared/signing/public-key.js';
import { openInception, type VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import { type Certificate, readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import { type EnrollmentRecord, requireEnrollment } from './enrollment-record.js';
import type { StatePaths } from './state-paths.js';

/** What this host believes in, verified again from the pinned root each time it is read. */
export interface TrustAnchors {
  readonly enrollment: EnrollmentRecord;
  /** PEM. */
  readonly rootPem: string;
  readonly root: Certificate;
  readonly clusterKey: PublicKey;
  readonly inception: VerifiedInception;
}

/** @throws CodedError('host.not-enrolled' | 'inception.mismatch' | 'envelope.*' | 'certificate.malformed' | 'file.*' | 'store.corrupt') */
export async function loadTrustAnchors(paths: StatePaths): Promise<TrustAnchors> {
  const enrollment = await requireEnrollment(paths);
  const rootPem = (await readPrivateFile(paths.rootCertificate)).toString('latin1');
  const root = readCertificate(rootPem, paths.rootCertificate);
  const envelope = envelopeFromJson(await readPrivateFile(paths.inception), paths.inception);
  const inception = openInception(envelope, root.publicKey);
  if (inception.inception.clusterId !== enrollment.clusterId) {
    throw new CodedError('inception.mismatch', `${paths.inception} is the beginning of another cluster`);
  }
  return { enrollment, rootPem, root, clusterKey: root.publicKey, inception };
}
