import { CodedError, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { parsePublicKey, requirePublisherKey } from '@sealwatch/shared/signing/public-key.js';
import type { PublisherKey } from '@sealwatch/shared/trust/release.js';
import { readFile } from 'node:fs/promises';
import type { ClusterConfig } from '../config/cluster-config.js';

/** @throws CodedError('key.invalid' | 'file.unreadable' | 'config.invalid') */
export async function readPublisherKeys({ publisherKeys }: ClusterConfig): Promise<PublisherKey[]> {
  const keys = new Map<string, { file: string; key: PublisherKey }>();
  for (const { file, revoked } of publisherKeys) {
    const { keyid, key } = requirePublisherKey(parsePublicKey(await readInput(file), file), file);
    const twin = keys.get(keyid);
    if (twin !== undefined) {
      throw new CodedError('config.invalid', `${file} and ${twin.file} hold the same publisher key; list one of them`);
    }
    // the public half alone, even where the file holds a private key
    const pem = key.export({ type: 'spki', format: 'pem' }).toString();
    keys.set(keyid, { file, key: { keyid, pem, revoked } });
  }
  return [...keys.values()].map(({ key }) => key);
}

/** A file that cluster.yaml names. @throws CodedError('file.unreadable') */
export async function readInput(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new CodedError('file.unreadable', `${file}, which cluster.yaml lists, can't be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
