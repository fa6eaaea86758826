import { randomBytes } from 'node:crypto';
import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import type { Renewal } from '@sealwatch/shared/trust/renewal.js';
import { createCsr } from '@sealwatch/shared/x509/create-csr.js';
import type { CertifiedKey } from '../state/certified-key.js';
import type { TrustAnchors } from '../state/trust-anchors.js';
import type { EnrollmentClient } from './enrollment-client.js';
import type { HostIdentity } from './host-identity.js';
import { openChain } from './open-answer.js';

export interface RenewingDeps {
  readonly trust: Pick<TrustAnchors, 'enrollment' | 'root'>;
  readonly identity: HostIdentity;
  readonly client: Pick<EnrollmentClient, 'renew'>;
  readonly clock: Clock;
}

/**
 * Asks once for new certificates over new keys, under the signature of the signing key: same host, same epoch. Keys are
 * new at every attempt, because an answer that got lost has used up the last ones.
 * @throws CodedError: what the collector refused with; 'certificate.*' | 'host.mismatch' | 'key.invalid' for an answer that does not hold
 */
export async function renewCertificates(which: { signing: boolean }, deps: RenewingDeps): Promise<void> {
  const { trust, identity, client, clock } = deps;
  const { clusterId, host, epoch } = trust.enrollment;
  const tlsKey = generateP256().privateKey;
  const signingKey = generateP256().privateKey;
  const request: Renewal = {
    schema: 'sealwatch/renewal/v1',
    clusterId,
    host,
    epoch,
    at: timestamp(clock.wall()),
    nonce: randomBytes(16).toString('hex'),
    signingCsr: which.signing ? createCsr({ privateKey: signingKey, commonName: host }).toString('base64') : null,
    tlsCsr: createCsr({ privateKey: tlsKey, commonName: host }).toString('base64'),
  };
  const answer = await client.renew(await signEnvelope(PAYLOAD_TYPES.renewal, request, identity.signer));
  const names = { clusterId, host, root: trust.root, at: clock.wall() };
  const tls = openChain(answer.tlsChain, { ...names, purpose: 'tls', privateKey: tlsKey });
  if (!which.signing) {
    await identity.replace({ tls });
    return;
  }
  const signing = openChain(answer.signingChain, { ...names, purpose: 'signing', privateKey: signingKey });
  await identity.replace({ tls, signing });
}

/** The moment a certificate is renewed at: half its life. Milliseconds since the Unix epoch. */
export function renewalDueAt({ leaf }: CertifiedKey): number {
  return leaf.notBefore + (leaf.notAfter - leaf.notBefore) / 2;
}
