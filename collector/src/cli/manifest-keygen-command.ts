import { generateKeyPair } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { writeDurably } from '@sealwatch/shared/runtime/durable-file.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { Command } from 'commander';
import { type OutputOptions, withOutputOption } from './output-option.js';
import { type PassphraseOptions, readPassphrase, withPassphraseOption } from './passphrase.js';

type KeygenOptions = PassphraseOptions & OutputOptions & { readonly out: string };

/** `sealwatch manifest keygen` */
export function manifestKeygenCommand(io: Io): Command {
  const command = new Command('keygen')
    .description('make a publisher key: RSA-4096, PKCS#8 PEM, and its public half beside it')
    .requiredOption(
      '--out <file>',
      'where the private key goes, mode 0600; the public half goes to the same name with .pub',
    );
  return withPassphraseOption(withOutputOption(command))
    .addHelpText('after', HELP)
    .action((options: KeygenOptions) => keygen(io, options));
}

const HELP = `
The private key stays on the build machine; agents and the collector get only the public half. Existing files are
never overwritten. With a passphrase the key is encrypted with AES-256.

Examples:
  $ sealwatch manifest keygen --out publisher.key
  $ sealwatch manifest keygen --out publisher.key --passphrase-file passphrase
  $ openssl pkey -in publisher.key -noout -text`;

const generate = promisify(generateKeyPair);

async function keygen(io: Io, options: KeygenOptions): Promise<void> {
  const { out } = options;
  const publicOut = `${out.replace(/\.(key|pem)$/, '')}.pub`;
  for (const path of [out, publicOut]) {
    if (existsSync(resolve(io.cwd, path))) {
      throw new CodedError('config.exists', `${path} exists and is left as it is; give another --out`);
    }
  }
  const passphrase = await readPassphrase(io, options);
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 4096, publicExponent: 65537 });
  const pem = privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    ...(passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }),
  });
  await writePrivateFile(resolve(io.cwd, out), pem, { existing: 'create' });
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' });
  await writeDurably(resolve(io.cwd, publicOut), publicPem, { mode: 0o644, existing: 'create' });
  const { keyid } = publicKeyOf(publicKey);
  const encrypted = passphrase !== undefined;
  io.out.write(
    options.output === 'json'
      ? jsonText({ schema: 'sealwatch/manifest-keygen/v1', privateKey: out, publicKey: publicOut, keyid, encrypted })
      : `Private key: ${out}${encrypted ? ' (encrypted)' : ' (not encrypted)'}\nPublic key:  ${publicOut}\nKey id:      ${keyid}\n`,
  );
}
