import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { commandSigner } from '@sealwatch/shared/signing/command-signer.js';
import { parsePrivateKey } from '@sealwatch/shared/signing/key-file-signer.js';
import { parsePublicKey, type PublicKey, requirePublisherKey } from '@sealwatch/shared/signing/public-key.js';
import { publisherKeySigner } from '@sealwatch/shared/signing/publisher-key-signer.js';
import type { PublisherSigner } from '@sealwatch/shared/signing/publisher-signer.js';
import { type Command, Option } from 'commander';
import { durationBetween } from './option-values.js';
import { type PassphraseOptions, readPassphrase, withPassphraseOption } from './passphrase.js';
import { readInput } from '@sealwatch/shared/runtime/read-input.js';

/** How a command reaches the publisher key. */
export interface PublisherOptions extends PassphraseOptions {
  readonly key?: string;
  readonly signerCommand?: string;
  readonly signerTimeout: number;
  readonly publisherKey?: string;
}

const MAX_KEY_BYTES = 64 * 1024;

export function withPublisherOptions(command: Command): Command {
  command.option('--key <file>', 'the publisher key, RSA-4096 in PEM (from: sealwatch manifest keygen)');
  return withPassphraseOption(command)
    .addOption(
      new Option(
        '--signer-command <command>',
        'sign with this shell command instead: bytes on its standard input, the raw signature on its standard output',
      ).conflicts(['key', 'passphraseFile']),
    )
    .option('--publisher-key <file>', "the signing command's public key, PEM")
    .addOption(
      new Option('--signer-timeout <duration>', 'time limit for each run of the command')
        .argParser(durationBetween(1000, 86_400_000, 'from 1s to 24h'))
        .default(600_000, '10m'),
    );
}

export const SIGNER_HELP = `
A signing command gets each file's bytes and finds their SHA-256, hex, in SEALWATCH_DIGEST. Each signature is verified
with --publisher-key before it is used:
  --signer-command 'openssl dgst -sha256 -sign publisher.key' --publisher-key publisher.pub`;

/** @throws CodedError('usage.invalid' | 'key.invalid' | 'key.passphrase' | 'file.unreadable' | 'file.too-permissive') */
export async function publisherSigner(io: Io, options: PublisherOptions): Promise<PublisherSigner> {
  const { key, signerCommand, publisherKey } = options;
  if (signerCommand !== undefined) {
    if (publisherKey === undefined) {
      throw new CodedError(
        'usage.invalid',
        '--signer-command needs --publisher-key FILE, the public half it signs for',
      );
    }
    return commandSigner({
      command: signerCommand,
      publicKey: await publisherKeyFile(io, publisherKey),
      timeoutMs: options.signerTimeout,
      env: io.env,
      signal: io.signal,
    });
  }
  if (key === undefined) {
    throw new CodedError(
      'usage.invalid',
      'give the publisher key: --key FILE, or --signer-command and --publisher-key',
    );
  }
  const pem = await readPrivateFile(resolve(io.cwd, key));
  const signer = publisherKeySigner(parsePrivateKey(pem, key, await readPassphrase(io, options)), key);
  if (publisherKey !== undefined && (await publisherKeyFile(io, publisherKey)).keyid !== signer.keyid) {
    throw new CodedError('key.invalid', `${publisherKey} is not the public half of ${key}`);
  }
  return signer;
}

/** @throws CodedError('file.unreadable' | 'key.invalid') */
export async function publisherKeyFile(io: Io, path: string): Promise<PublicKey> {
  return requirePublisherKey(parsePublicKey(await readInput(resolve(io.cwd, path), MAX_KEY_BYTES), path), path);
}
