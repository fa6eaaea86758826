import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { type Identity, parseIdentityUri } from '@sealwatch/shared/trust/identity.js';
import type { Certificate } from '@sealwatch/shared/x509/read-certificate.js';
import type { EnrollmentStore } from '../store/enrollment-store.js';

/** Who calls, as far as a TLS certificate says. What an operator may do, the release in force says. */
export interface Peer {
  readonly kind: 'host' | 'operator';
  readonly name: string;
  /** The enrolment a host's certificate belongs to; 0 for operators. */
  readonly epoch: number;
  /** Of the certificate's key. */
  readonly keyid: string;
  /** Read once per connection: reading costs more than all that is asked of it for a message. */
  readonly certificate: Certificate;
}

export interface IdentifyPeer {
  readonly clusterId: string;
  readonly store: Pick<EnrollmentStore, 'certificateByKeyid'>;
  readonly clock: Clock;
}

const PURPOSES = { host: 'host-tls', operator: 'operator-tls' } as const;

/**
 * TLS verified the chain when the connection began; this asks what can change while it lasts, and is asked for every
 * call and every message of a stream. An enrolment ends the host's older certificates, so a host certificate that has
 * not ended is of its newest epoch.
 * @throws CodedError('identity.forbidden' | 'certificate.rejected' | 'host.revoked')
 */
export async function identifyPeer(certificate: Certificate, { clusterId, store, clock }: IdentifyPeer): Promise<Peer> {
  const { kind, name } = requireIdentity(certificate, clusterId);
  const { keyid } = certificate.publicKey;
  // provisioning renews an operator's certificate for the same key: the key is what was given to this name
  const record = await store.certificateByKeyid(keyid);
  if (record?.purpose !== PURPOSES[kind] || record.name !== name) {
    throw new CodedError('certificate.rejected', `the key of ${kind} ${name} is none this cluster certified`);
  }
  if (record.revokedAt !== null) {
    throw new CodedError('host.revoked', `the certificate of ${kind} ${name} was ended at ${record.revokedAt}`);
  }
  const now = clock.wall();
  if (now > certificate.notAfter || now < certificate.notBefore) {
    const { notBefore, notAfter } = certificate;
    throw new CodedError(
      'certificate.rejected',
      `the certificate of ${kind} ${name} is valid from ${timestamp(notBefore)} to ${timestamp(notAfter)} only`,
    );
  }
  return { kind, name, epoch: record.epoch, keyid, certificate };
}

function requireIdentity({ uris }: Certificate, clusterId: string): Pick<Peer, 'kind' | 'name'> {
  const identity: Identity | undefined =
    uris.length === 1 && uris[0] !== undefined ? parseIdentityUri(uris[0]) : undefined;
  if (identity?.clusterId !== clusterId || identity.kind === 'collector') {
    throw new CodedError('identity.forbidden', 'the client certificate names no host or operator of this cluster');
  }
  return { kind: identity.kind, name: identity.name };
}
