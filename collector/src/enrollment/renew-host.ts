import { type Envelope, PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { verifyEnvelope } from '@sealwatch/shared/envelope/verify-envelope.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { type Renewal, renewalSchema } from '@sealwatch/shared/trust/renewal.js';
import { readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import type { CertificateRecord, EnrollmentStore } from '../store/enrollment-store.js';
import { type IssuingAuthority, issueHostCertificate } from './issue-host-certificates.js';
import { requestedKeys } from './requested-keys.js';

export interface RenewDependencies {
  readonly clusterId: string;
  readonly authority: IssuingAuthority;
  readonly store: EnrollmentStore;
  readonly clock: Clock;
}

export interface Renewed {
  /** DER, leaf first, then the issuing CA; empty if it was not asked for. */
  readonly signingChain: readonly Buffer[];
  readonly tlsChain: readonly Buffer[];
}

export const MAX_RENEWAL_BYTES: number = 24 * 1024;

const MAX_CLOCK_DIFFERENCE_MS = 5 * 60_000;
/** A host that was off for longer needs an operator's new token. */
const MAX_EXPIRED_MS = 30 * 86_400_000;

/**
 * New certificates for a host that still holds its signing key: same host, same epoch. Good once.
 * @throws CodedError('envelope.*' | 'statement.malformed' | 'host.*' | 'certificate.*' | 'key.invalid' | 'token.used')
 */
export async function renewHost(envelope: Envelope, deps: RenewDependencies): Promise<Renewed> {
  const { store, clock, clusterId, authority } = deps;
  const { renewal, signer } = await openRenewal(envelope, deps);
  const { host, epoch, nonce } = renewal;
  await requireRecentTls(signer, deps);
  const csrs = [renewal.tlsCsr, ...(renewal.signingCsr === null ? [] : [renewal.signingCsr])];
  const [tls, signing] = await requestedKeys(
    csrs.map((csr) => Buffer.from(csr, 'base64')),
    store,
  );
  if (tls === undefined) throw new CodedError('internal', 'a request gives a key');
  const tlsCertificate = issueHostCertificate({ purpose: 'host-tls', clusterId, host, publicKey: tls }, deps);
  const signingCertificate =
    signing && issueHostCertificate({ purpose: 'host-signing', clusterId, host, publicKey: signing }, deps);
  const certificates = signingCertificate === undefined ? [tlsCertificate] : [tlsCertificate, signingCertificate];
  await store.renew({ host, epoch, nonce, at: timestamp(clock.wall()), certificates });
  const issuer = authority.certificate.der;
  return {
    signingChain: signingCertificate === undefined ? [] : [signingCertificate.der, issuer],
    tlsChain: [tlsCertificate.der, issuer],
  };
}

/** Who signed comes first; what it says only after. */
async function openRenewal(
  envelope: Envelope,
  { store, clock, clusterId }: RenewDependencies,
): Promise<{ renewal: Renewal; signer: CertificateRecord }> {
  const what = 'the renewal';
  const signer = await signingCertificate(envelope, store);
  const certificate = readCertificate(signer.der, `signing certificate ${signer.serial}`);
  verifyEnvelope(envelope, { payloadType: PAYLOAD_TYPES.renewal, keys: [certificate.publicKey], what });
  if (signer.revokedAt !== null) {
    throw new CodedError(
      'host.revoked',
      `${signer.name} lost its certificates at ${signer.revokedAt}; it needs a token`,
    );
  }
  const now = clock.wall();
  if (now < certificate.notBefore || now > certificate.notAfter) {
    throw new CodedError(
      'certificate.rejected',
      `the signing certificate of ${signer.name} expired at ${signer.notAfter}; the host needs a new token`,
    );
  }
  const renewal = parsePayload(envelope.payload, {
    schema: renewalSchema,
    what,
    maxBytes: MAX_RENEWAL_BYTES,
    code: 'statement.malformed',
  });
  if (renewal.clusterId !== clusterId || renewal.host !== signer.name || renewal.epoch !== signer.epoch) {
    throw new CodedError('host.mismatch', `${what} is not about ${signer.name} in its epoch ${String(signer.epoch)}`);
  }
  if (Math.abs(now - wallTime(renewal.at)) > MAX_CLOCK_DIFFERENCE_MS) {
    throw new CodedError(
      'statement.malformed',
      `${what} is dated ${renewal.at}; it is ${timestamp(now)} here: set the host's clock`,
    );
  }
  return { renewal, signer };
}

async function signingCertificate(
  { signatures }: Envelope,
  store: Pick<EnrollmentStore, 'certificateByKeyid'>,
): Promise<CertificateRecord> {
  for (const { keyid } of signatures) {
    const record = await store.certificateByKeyid(keyid);
    if (record?.purpose === 'host-signing') return record;
  }
  throw new CodedError('envelope.unknown-key', 'the renewal is signed by no host of this cluster');
}

async function requireRecentTls(
  { name, epoch }: CertificateRecord,
  { store, clock }: RenewDependencies,
): Promise<void> {
  const certificates = await store.certificatesOf(['host-tls'], name);
  const ends = certificates.filter((record) => record.epoch === epoch).map(({ notAfter }) => wallTime(notAfter));
  const end = Math.max(...ends);
  if (clock.wall() <= end + MAX_EXPIRED_MS) return;
  throw new CodedError(
    'certificate.rejected',
    `the last TLS certificate of ${name} expired more than 30 days ago; the host needs a new token`,
  );
}
