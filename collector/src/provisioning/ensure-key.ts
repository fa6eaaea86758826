import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFile, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { parsePrivateKey } from '@sealwatch/shared/signing/key-file-signer.js';
import { requireP256 } from '@sealwatch/shared/signing/require-p256.js';
import type { KeyObject } from 'node:crypto';
import { fileExists } from './file-exists.js';
import type { Provisioning } from './provisioning.js';

/**
 * The P-256 key in the file, made if there is none; one that is there is never touched.
 * @param spec.witnesses files that exist only if the key once did: then it is lost, and a new one would not do
 * @throws CodedError('file.too-permissive' | 'file.unreadable' | 'key.invalid')
 */
export async function ensureKey(
  { log }: Provisioning,
  spec: { file: string; what: string; witnesses: readonly string[] },
): Promise<KeyObject> {
  const { file, what, witnesses } = spec;
  if (await fileExists(file)) return readKey(file);
  for (const witness of witnesses) {
    if (await fileExists(witness)) {
      throw new CodedError('key.invalid', `${file} is missing although ${witness} is there; restore it from a backup`);
    }
  }
  const { privateKey } = generateP256();
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writePrivateFile(file, pem, { existing: 'create' });
  log.made.push({ file, what });
  return privateKey;
}

/** @throws CodedError('file.too-permissive' | 'file.unreadable' | 'key.invalid') */
export async function readKey(file: string): Promise<KeyObject> {
  return requireP256(parsePrivateKey(await readPrivateFile(file), file), file);
}
