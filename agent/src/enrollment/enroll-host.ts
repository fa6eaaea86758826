import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { createCsr } from '@sealwatch/shared/x509/create-csr.js';
import { type EnrollmentRecord, findEnrollment } from '../state/enrollment-record.js';
import { openStateDir } from '../state/open-state-dir.js';
import type { StatePaths } from '../state/state-paths.js';
import type { EnrollmentClient } from './enrollment-client.js';
import type { EnrollmentSource } from './enrollment-source.js';
import { openAnswer } from './open-answer.js';
import { storeEnrollment } from './store-enrollment.js';

export interface EnrollHostDeps {
  readonly paths: StatePaths;
  readonly client: EnrollmentClient;
  readonly clock: Clock;
}

/**
 * Makes two keys that never leave this host, lets the collector certify them for the token, and believes nothing in
 * the answer that does not hold against the pinned root. With `replace` the old enrolment is kept in `replaced/`.
 * @throws CodedError('host.already-enrolled' | 'token.*' | 'collector.*', and as `openAnswer` and `openStateDir` do)
 */
export async function enrollHost(
  request: { source: EnrollmentSource; replace: boolean },
  { paths, client, clock }: EnrollHostDeps,
): Promise<EnrollmentRecord> {
  const { source, replace } = request;
  const lock = await openStateDir(paths);
  try {
    const existing = await findEnrollment(paths);
    if (existing !== undefined && !replace) {
      throw new CodedError(
        'host.already-enrolled',
        `${paths.stateDir} is enrolled as ${existing.host} (epoch ${String(existing.epoch)}); to enrol anew, give --replace and a token made with: sealwatch tokens create --host ${existing.host} --replace`,
      );
    }
    const { host, clusterId } = source.token;
    const signingKey = generateP256().privateKey;
    const tlsKey = generateP256().privateKey;
    const answer = await client.enroll({
      token: source.tokenText,
      signingCsr: createCsr({ privateKey: signingKey, commonName: host }),
      tlsCsr: createCsr({ privateKey: tlsKey, commonName: host }),
    });
    const at = clock.wall();
    const opened = openAnswer(answer, { source, signingKey, tlsKey, at });
    const record: EnrollmentRecord = {
      schema: 'sealwatch/agent-enrollment/v1',
      clusterId,
      host,
      epoch: answer.epoch,
      address: source.address,
      enrollAddress: source.enrollAddress,
      previousHead: answer.previousHead,
      enrolledAt: timestamp(at),
    };
    await storeEnrollment(paths, { record, rootPem: source.rootPem, opened });
    return record;
  } finally {
    await lock.release();
  }
}
