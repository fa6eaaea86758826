import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { Manifest } from '@sealwatch/shared/manifest/manifest.js';
import type { FileComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import { manifestStatement } from '@sealwatch/shared/manifest/manifest-statement.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';

export interface SignedFile {
  readonly name: string;
  readonly paths: readonly string[];
  readonly bytes: Buffer;
}

/** A build machine with a real RSA-4096 key. Making the key takes seconds: one per test file. */
export class TestPublisher {
  readonly #privateKey: KeyObject;
  readonly publicPem: string;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 4096, publicExponent: 65537 });
    this.#privateKey = privateKey;
    this.publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  /** Signed and sealed, valid for a year around now unless told otherwise. */
  async manifest(files: readonly SignedFile[], changes: Partial<Manifest> = {}): Promise<Envelope> {
    const halfYear = 182 * 86_400_000;
    return signEnvelope(
      PAYLOAD_TYPES.statement,
      manifestStatement({
        schema: 'sealwatch/manifest/v1',
        id: 'test-1',
        notBefore: timestamp(Date.now() - halfYear),
        notAfter: timestamp(Date.now() + halfYear),
        operatingSystems: [],
        kubernetesVersion: null,
        components: files.map((file) => this.#component(file)),
        ...changes,
      }),
      keySigner(this.#privateKey),
    );
  }

  #component({ name, paths, bytes }: SignedFile): FileComponent {
    const signature = sign('sha256', bytes, { key: this.#privateKey, padding: constants.RSA_PKCS1_PADDING });
    return {
      kind: 'file',
      name,
      paths,
      digest: sha256(bytes),
      size: String(bytes.length),
      signature: signature.toString('base64'),
    };
  }
}
