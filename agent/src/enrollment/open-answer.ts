import type { KeyObject } from 'node:crypto';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { identityUri } from '@sealwatch/shared/trust/identity.js';
import { openInception, type VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import { openRelease, type VerifiedRelease } from '@sealwatch/shared/trust/open-release.js';
import type { Certificate } from '@sealwatch/shared/x509/read-certificate.js';
import { verifyChain } from '@sealwatch/shared/x509/verify-chain.js';
import { type CertifiedKey, certifiedKey, type KeyPurpose } from '../state/certified-key.js';
import type { EnrollmentAnswer } from './enrollment-client.js';
import type { EnrollmentSource } from './enrollment-source.js';

/** An answer that holds against the pinned root and the token, and certifies the keys made here. */
export interface OpenedAnswer {
  readonly signing: CertifiedKey;
  readonly tls: CertifiedKey;
  readonly inception: VerifiedInception;
  readonly release: VerifiedRelease | undefined;
}

/**
 * @param at wall clock, milliseconds
 * @throws CodedError('host.mismatch' | 'certificate.*' | 'key.invalid' | 'inception.mismatch' | 'envelope.*' | 'release.malformed' | 'manifest.*')
 */
export function openAnswer(
  answer: EnrollmentAnswer,
  expected: { source: EnrollmentSource; signingKey: KeyObject; tlsKey: KeyObject; at: number },
): OpenedAnswer {
  const { source, signingKey, tlsKey, at } = expected;
  const { clusterId, host } = source.token;
  if (answer.host !== host) {
    throw new CodedError('host.mismatch', `the token is for ${host}, the collector enrolled ${answer.host}`);
  }
  if (answer.epoch < 1) throw new CodedError('collector.protocol', 'the collector names no epoch');
  const names = { clusterId, host, root: source.root, at };
  const signing = openChain(answer.signingChain, { ...names, purpose: 'signing', privateKey: signingKey });
  const tls = openChain(answer.tlsChain, { ...names, purpose: 'tls', privateKey: tlsKey });
  const clusterKey = source.root.publicKey;
  const inception = openInception(answer.inception, clusterKey);
  if (inception.inception.clusterId !== clusterId) {
    throw new CodedError('inception.mismatch', 'the collector sent the inception record of another cluster');
  }
  const release = answer.release === null ? undefined : openRelease(answer.release, { clusterKey, inception });
  return { signing, tls, inception, release };
}

/** A chain to the pinned root, for this host and nobody else, over the key made here. @throws as `openAnswer` */
export function openChain(
  chain: readonly Buffer[],
  expected: {
    clusterId: string;
    host: string;
    root: Certificate;
    at: number;
    purpose: KeyPurpose;
    privateKey: KeyObject;
  },
): CertifiedKey {
  const { clusterId, host, root, at, purpose, privateKey } = expected;
  const leaf = verifyChain({ chain, root, at, profile: purpose === 'tls' ? 'host-tls' : 'host-signing' });
  const uri = identityUri({ clusterId, kind: 'host', name: host });
  if (leaf.uris.length !== 1 || leaf.uris[0] !== uri) {
    throw new CodedError('host.mismatch', `the ${purpose} certificate names ${leaf.uris.join(', ')}, not ${uri}`);
  }
  return certifiedKey(privateKey, chain, `the new ${purpose} certificate`);
}
