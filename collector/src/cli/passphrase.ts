import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import type { Command } from 'commander';

export interface PassphraseOptions {
  readonly passphraseFile?: string;
}

export function withPassphraseOption(command: Command): Command {
  return command.option(
    '--passphrase-file <file>',
    "the key's passphrase is this file's first line (else: SEALWATCH_PASSPHRASE in the environment, if set)",
  );
}

/** Undefined if none was given. @throws CodedError('file.unreadable' | 'file.too-permissive' | 'key.passphrase') */
export async function readPassphrase(io: Io, { passphraseFile }: PassphraseOptions): Promise<string | undefined> {
  const passphrase =
    passphraseFile === undefined
      ? io.env['SEALWATCH_PASSPHRASE']
      : (await readPrivateFile(resolve(io.cwd, passphraseFile))).toString('utf8').split(/\r?\n/, 1)[0];
  if (passphrase === '') {
    const place = passphraseFile ?? 'SEALWATCH_PASSPHRASE';
    throw new CodedError('key.passphrase', `${place} holds an empty passphrase; give one, or none at all`);
  }
  return passphrase;
}
