import { digestBytes, sha256 } from '../hashing/digest.js';
import { CodedError } from '../runtime/coded-error.js';
import { type PublicKey, requirePublisherKey } from './public-key.js';
import type { PublisherSigner, SignableContent } from './publisher-signer.js';
import { runSigningCommand } from './run-signing-command.js';
import { verifyDigestSignature } from './verify.js';

export interface SigningCommand {
  /** Run by `/bin/sh -c`: bytes on its standard input, the raw signature on its standard output. */
  readonly command: string;
  /** What the command signs with; no signature counts that this key does not verify. */
  readonly publicKey: PublicKey;
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * A publisher key that never enters this process: an HSM, a smart card or a KMS behind a command of the publisher.
 * Commands that sign a digest find it, hex, in SEALWATCH_DIGEST and need not read their input.
 * @throws CodedError('key.invalid') if the public key is no publisher key
 */
export function commandSigner(signing: SigningCommand): PublisherSigner {
  const publicKey = requirePublisherKey(signing.publicKey, 'the key of --publisher-key');
  const signContent = async (content: SignableContent): Promise<Buffer> => {
    const digest = digestBytes(content.digest).toString('hex');
    const env = { ...signing.env, SEALWATCH_DIGEST: digest };
    const signature = await runSigningCommand({ ...signing, env, input: content.bytes() });
    if (!verifyDigestSignature(publicKey.key, content.digest, signature)) {
      throw new CodedError(
        'signer.failed',
        `the signing command wrote ${String(signature.length)} bytes that are no RSA-4096 signature of its input by ` +
          `key ${publicKey.keyid.slice(0, 16)}; is --publisher-key the command's own key, does it sign with SHA-256 ` +
          'and PKCS#1 v1.5 padding, and did the file stay as it was?',
      );
    }
    return signature;
  };
  return {
    keyid: publicKey.keyid,
    publicKey,
    sign: (bytes) => signContent({ digest: sha256(bytes), bytes: () => chunks(bytes) }),
    signContent,
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable is what the port asks for
async function* chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
