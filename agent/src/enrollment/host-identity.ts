import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import type { Signer } from '@sealwatch/shared/signing/signer.js';
import { type CertifiedKey, finishReplacement, loadCertifiedKey, replaceCertifiedKey } from '../state/certified-key.js';
import type { StatePaths } from '../state/state-paths.js';

/** The running agent's two keys. Renewal replaces them on disk first, then here; who needs one asks each time. */
export class HostIdentity {
  readonly #directory: string;
  #signing: CertifiedKey;
  #tls: CertifiedKey;
  #signer: Signer;

  private constructor(directory: string, signing: CertifiedKey, tls: CertifiedKey) {
    this.#directory = directory;
    this.#signing = signing;
    this.#tls = tls;
    this.#signer = keySigner(signing.privateKey);
  }

  /** Finishes a replacement that a crash interrupted. @throws CodedError('key.*' | 'certificate.malformed' | 'file.*') */
  static async load({ identity: directory }: StatePaths): Promise<HostIdentity> {
    await finishReplacement(directory, 'signing');
    await finishReplacement(directory, 'tls');
    const signing = await loadCertifiedKey(directory, 'signing');
    return new HostIdentity(directory, signing, await loadCertifiedKey(directory, 'tls'));
  }

  get signing(): CertifiedKey {
    return this.#signing;
  }

  get tls(): CertifiedKey {
    return this.#tls;
  }

  get signer(): Signer {
    return this.#signer;
  }

  /** @throws CodedError('store.full' | 'store.unavailable'); the old pair stays in use then */
  async replace(renewed: { signing?: CertifiedKey; tls: CertifiedKey }): Promise<void> {
    await replaceCertifiedKey(this.#directory, 'tls', renewed.tls);
    this.#tls = renewed.tls;
    if (renewed.signing === undefined) return;
    await replaceCertifiedKey(this.#directory, 'signing', renewed.signing);
    this.#signing = renewed.signing;
    this.#signer = keySigner(renewed.signing.privateKey);
  }
}
