import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { COLLECTOR_DNS_NAME, identityUri } from '@sealwatch/shared/trust/identity.js';
import { issueCertificate } from '@sealwatch/shared/x509/issue-certificate.js';
import { certificatePem } from '@sealwatch/shared/x509/pem.js';
import { type Certificate, readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import { verifyChain } from '@sealwatch/shared/x509/verify-chain.js';
import type { ServerIdentity } from '../api/tls-listener.js';
import { certificateRecord } from '../enrollment/issue-host-certificates.js';
import type { CollectorState } from './load-collector-state.js';
import type { EnrollmentStore } from '../store/enrollment-store.js';

const LIFETIME_MS = 365 * 86_400_000;
const BACKDATED_MS = 5 * 60_000;
/** There is one collector; its name among the cluster's identities. */
const COLLECTOR_NAME = 'collector';

interface Dependencies {
  readonly state: CollectorState;
  readonly store: Pick<EnrollmentStore, 'recordCertificates'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The collector's own TLS certificate: renewed under the issuing CA at half its life, for the same key. */
export class ServerCertificate {
  readonly #deps: Dependencies;
  #certificate: Certificate;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#certificate = deps.state.tls.certificate;
  }

  /** What the listeners show: the leaf, then the issuing CA. */
  get identity(): ServerIdentity {
    const { tls, authority } = this.#deps.state;
    return {
      key: tls.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      chain: [this.#certificate.der, authority.certificate.der].map(certificatePem).join(''),
    };
  }

  /** Returns whether there is a new certificate. @throws CodedError('certificate.rejected' | 'store.*') */
  async renewIfDue(): Promise<boolean> {
    if (!this.#isDue()) return false;
    const { state, store, clock, log } = this.#deps;
    const { certificate: ca, key } = state.authority;
    const now = clock.wall();
    verifyChain({ chain: [ca.der], root: state.root, at: now, profile: 'issuing-ca' });
    const der = issueCertificate({
      profile: 'collector-tls',
      commonName: COLLECTOR_DNS_NAME,
      publicKey: state.tls.certificate.publicKey.key,
      notBefore: new Date(Math.max(ca.notBefore, now - BACKDATED_MS)),
      notAfter: new Date(Math.min(ca.notAfter, now + LIFETIME_MS)),
      uri: identityUri({ clusterId: state.inception.inception.clusterId, kind: 'collector', name: COLLECTOR_NAME }),
      dnsNames: [COLLECTOR_DNS_NAME],
      issuer: { certificate: ca.der, key },
    });
    // a certificate that nobody recorded must not exist
    await store.recordCertificates([certificateRecord(der, { purpose: 'collector-tls', name: COLLECTOR_NAME })]);
    await writePrivateFile(state.directory.tlsChain, [der, ca.der].map(certificatePem).join(''));
    this.#certificate = readCertificate(der, 'the new certificate');
    log.info({ notAfter: timestamp(this.#certificate.notAfter) }, 'server certificate renewed');
    return true;
  }

  #isDue(): boolean {
    const { state, clock, log } = this.#deps;
    const { notBefore, notAfter } = this.#certificate;
    const now = clock.wall();
    if (now >= notBefore + (notAfter - notBefore) / 2) return true;
    try {
      const chain = [this.#certificate.der, state.authority.certificate.der];
      verifyChain({ chain, root: state.root, at: now, profile: 'collector-tls' });
      return false;
    } catch (error) {
      // the issuing CA was replaced, or a clock was set
      log.warn({ reason: reasonOf(error) }, 'server certificate does not hold');
      return true;
    }
  }
}
