import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import { parseToken, tokenHash } from '@sealwatch/shared/trust/enrollment-token.js';
import type { Inception } from '@sealwatch/shared/trust/inception.js';
import type { Release } from '@sealwatch/shared/trust/release.js';
import type { EnrollmentStore, TokenRecord } from '../store/enrollment-store.js';
import type { ReportWriter } from '../store/report-store.js';
import { type IssuingAuthority, issueHostCertificate } from './issue-host-certificates.js';
import { requestedKeys } from './requested-keys.js';

export interface EnrollDependencies {
  readonly inception: Inception;
  readonly authority: IssuingAuthority;
  readonly enrollment: EnrollmentStore;
  readonly alarms: Pick<ReportWriter, 'recordAlarm'>;
  /** Whether one more alarm about a token that is not ours may be kept: what strangers make up must not fill the disk. */
  readonly mayAlarm: () => boolean;
  /** The release in force. */
  readonly release: () => Release | undefined;
  readonly clock: Clock;
}

export interface EnrollmentRequest {
  readonly token: string;
  /** PKCS#10, DER. */
  readonly signingCsr: Buffer;
  readonly tlsCsr: Buffer;
}

export interface Enrolled {
  readonly host: string;
  readonly epoch: number;
  /** DER, leaf first, then the issuing CA. */
  readonly signingChain: readonly Buffer[];
  readonly tlsChain: readonly Buffer[];
  readonly previousHead: Head | null;
}

/**
 * A token and two keys become a host. Whose token it is decides every name; the token ends here, whoever comes first.
 * A token that can't be used is an alarm: somebody has what only one host should have had, or tries to.
 * @throws CodedError('token.*' | 'host.undeclared' | 'host.already-enrolled' | 'certificate.*' | 'key.invalid')
 */
export async function enrollHost(request: EnrollmentRequest, deps: EnrollDependencies): Promise<Enrolled> {
  const { enrollment, inception, authority, clock } = deps;
  const token = await usableToken(request.token, deps);
  const { host } = token;
  const [signing, tls] = await requestedKeys([request.signingCsr, request.tlsCsr], enrollment);
  if (signing === undefined || tls === undefined) throw new CodedError('internal', 'two requests give two keys');
  const { clusterId } = inception;
  const signingCertificate = issueHostCertificate(
    { purpose: 'host-signing', clusterId, host, publicKey: signing },
    deps,
  );
  const tlsCertificate = issueHostCertificate({ purpose: 'host-tls', clusterId, host, publicKey: tls }, deps);
  const { epoch, previousHead } = await alarmed(host, deps, () =>
    enrollment.enroll({
      tokenHash: token.hash,
      at: timestamp(clock.wall()),
      certificates: [signingCertificate, tlsCertificate],
    }),
  );
  const issuer = authority.certificate.der;
  return {
    host,
    epoch,
    signingChain: [signingCertificate.der, issuer],
    tlsChain: [tlsCertificate.der, issuer],
    previousHead,
  };
}

async function usableToken(text: string, deps: EnrollDependencies): Promise<TokenRecord> {
  const { clusterId, rootKeyid } = parseToken(text);
  if (clusterId !== deps.inception.clusterId || rootKeyid !== deps.inception.clusterKey) {
    return refuseStranger(`the token is for cluster ${clusterId}, not for ${deps.inception.clusterId}`, deps);
  }
  const hash = tokenHash(text);
  const token = await deps.enrollment.token(hash);
  if (token === undefined || !timingSafeEqual(Buffer.from(token.hash), Buffer.from(hash))) {
    return refuseStranger('the token is none this collector gave out; ask an operator for a new one', deps);
  }
  return alarmed(token.host, deps, () => {
    requireUsable(token, deps);
    return Promise.resolve(token);
  });
}

/** Which host it was, nobody knows: the name in a token that is not ours proves nothing. */
async function refuseStranger(message: string, deps: EnrollDependencies): Promise<never> {
  const error = new CodedError('token.invalid', message);
  if (!deps.mayAlarm()) throw error;
  return alarmed('', deps, () => Promise.reject(error));
}

function requireUsable({ host, usedAt, expiresAt }: TokenRecord, { clock, release }: EnrollDependencies): void {
  if (usedAt !== null) {
    throw new CodedError('token.used', `the token for ${host} was used at ${usedAt}; ask an operator for a new one`);
  }
  if (clock.wall() >= wallTime(expiresAt)) {
    throw new CodedError(
      'token.expired',
      `the token for ${host} expired at ${expiresAt}; ask an operator for a new one`,
    );
  }
  const hosts = release()?.hosts;
  if (hosts !== undefined && !hosts.some(({ name }) => name === host)) {
    throw new CodedError('host.undeclared', `${host} is not declared in the release in force`);
  }
}

/** @param host empty for the cluster as a whole */
async function alarmed<T>(host: string, { alarms, clock }: EnrollDependencies, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (isCoded(error) && !error.code.startsWith('store.')) {
      const { code, message } = error;
      await alarms.recordAlarm({ at: timestamp(clock.wall()), host, code, message, envelope: null });
    }
    throw error;
  }
}
