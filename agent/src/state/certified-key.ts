import type { KeyObject } from 'node:crypto';
import { rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError, errnoOf } from '@sealwatch/shared/runtime/coded-error.js';
import { syncDirectory } from '@sealwatch/shared/runtime/durable-file.js';
import { readPrivateFile, readPrivateFileIfThere, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { parsePrivateKey } from '@sealwatch/shared/signing/key-file-signer.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { certificatePem, certificatesFromPem } from '@sealwatch/shared/x509/pem.js';
import { type Certificate, readCertificate } from '@sealwatch/shared/x509/read-certificate.js';

/** `signing` proves evidence for a year; `tls` opens connections for a week. */
export type KeyPurpose = 'signing' | 'tls';

/** A private key made on this host and the chain that certifies it: leaf first, then the issuing CA. */
export interface CertifiedKey {
  readonly privateKey: KeyObject;
  readonly chain: readonly Buffer[];
  readonly leaf: Certificate;
}

/** @throws CodedError('key.invalid' | 'certificate.malformed' | 'file.unreadable' | 'file.too-permissive') */
export async function loadCertifiedKey(directory: string, purpose: KeyPurpose): Promise<CertifiedKey> {
  const { key, pem } = files(directory, purpose);
  const privateKey = parsePrivateKey(await readPrivateFile(key), key);
  return certifiedKey(privateKey, certificatesFromPem((await readPrivateFile(pem)).toString('latin1'), pem), pem);
}

/** @throws CodedError('key.invalid') if the chain certifies another key */
export function certifiedKey(privateKey: KeyObject, chain: readonly Buffer[], what: string): CertifiedKey {
  const [first] = chain;
  if (first === undefined) throw new CodedError('certificate.malformed', `${what} holds no certificate`);
  const leaf = readCertificate(first, what);
  if (leaf.publicKey.keyid !== publicKeyOf(privateKey).keyid) {
    throw new CodedError('key.invalid', `${what} certifies another key than the one beside it`);
  }
  return { privateKey, chain, leaf };
}

/** For a directory nobody reads yet. */
export async function writeCertifiedKey(directory: string, purpose: KeyPurpose, held: CertifiedKey): Promise<void> {
  const { key, pem } = files(directory, purpose);
  await writePrivateFile(key, keyPem(held));
  await writePrivateFile(pem, chainPem(held));
}

/**
 * Puts a renewed pair in the place of the old one. Two files can't be renamed at once: the new pair is whole on disk
 * as `.next` before the first rename, and `finishReplacement` goes on from wherever a crash came.
 */
export async function replaceCertifiedKey(directory: string, purpose: KeyPurpose, held: CertifiedKey): Promise<void> {
  const { nextKey, nextPem } = files(directory, purpose);
  await writePrivateFile(nextKey, keyPem(held));
  await writePrivateFile(nextPem, chainPem(held));
  await finishReplacement(directory, purpose);
}

/** The certificate is written last, so its presence says that the pair is whole; it is also moved last. */
export async function finishReplacement(directory: string, purpose: KeyPurpose): Promise<void> {
  const { key, pem, nextKey, nextPem } = files(directory, purpose);
  if ((await readPrivateFileIfThere(nextPem)) === undefined) {
    await unlink(nextKey).catch(unlessMissing);
    return;
  }
  await rename(nextKey, key).catch(unlessMissing);
  await rename(nextPem, pem);
  await syncDirectory(directory);
}

export function keyPem({ privateKey }: CertifiedKey): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function chainPem({ chain }: CertifiedKey): string {
  return chain.map((der) => certificatePem(der)).join('');
}

function files(
  directory: string,
  purpose: KeyPurpose,
): Readonly<Record<'key' | 'pem' | 'nextKey' | 'nextPem', string>> {
  return {
    key: join(directory, `${purpose}.key`),
    pem: join(directory, `${purpose}.pem`),
    nextKey: join(directory, `${purpose}.next.key`),
    nextPem: join(directory, `${purpose}.next.pem`),
  };
}

function unlessMissing(error: unknown): void {
  if (errnoOf(error) !== 'ENOENT') throw error;
}
