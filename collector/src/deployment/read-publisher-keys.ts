import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readInput } from '@sealwatch/shared/runtime/read-input.js';
import { parsePublicKey, requirePublisherKey } from '@sealwatch/shared/signing/public-key.js';
import type { PublisherKey } from '@sealwatch/shared/trust/release.js';
import type { ClusterConfig } from '../config/cluster-config.js';

const MAX_KEY_BYTES = 64 * 1024;

/** @throws CodedError('key.invalid' | 'file.unreadable' | 'config.invalid') */
export async function readPublisherKeys({ publisherKeys }: ClusterConfig): Promise<PublisherKey[]> {
  const keys = new Map<string, { file: string; key: PublisherKey }>();
  for (const { file, revoked } of publisherKeys) {
    const { keyid, key } = requirePublisherKey(parsePublicKey(await readInput(file, MAX_KEY_BYTES), file), file);
    const twin = keys.get(keyid);
    if (twin !== undefined) {
      throw new CodedError('config.invalid', `${file} and ${twin.file} hold the same publisher key; list one of them`);
    }
    const pem = key.export({ type: 'spki', format: 'pem' }).toString();
    keys.set(keyid, { file, key: { keyid, pem, revoked } });
  }
  return [...keys.values()].map(({ key }) => key);
}
