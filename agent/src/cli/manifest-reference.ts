import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { envelopeFromJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import { openManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { parsePublicKey, requirePublisherKey } from '@sealwatch/shared/signing/public-key.js';
import { COMPONENT_NAME, HOST_NAME } from '@sealwatch/shared/subject/component.js';
import { type OfflineReference, offlineReference } from '../cycle/offline-reference.js';
import type { ReferenceValues } from '../cycle/reference-values.js';

export interface ManifestOptions extends Omit<OfflineReference, 'host' | 'manifest'> {
  readonly manifestFile: string;
  readonly publisherKeyFile: string;
}

/**
 * A manifest from a file, believed only under the key from the other file: never under one it brings itself.
 * @throws CodedError('file.unreadable' | 'usage.invalid' | 'key.invalid' | 'envelope.*' | 'manifest.*')
 */
export async function manifestReference(options: ManifestOptions): Promise<ReferenceValues> {
  const { manifestFile, publisherKeyFile, ...rest } = options;
  for (const name of rest.components ?? []) {
    if (!COMPONENT_NAME.test(name)) throw new CodedError('usage.invalid', `--component ${name}: no component name`);
  }
  const pem = await readGiven('--publisher-key', publisherKeyFile);
  const key = requirePublisherKey(parsePublicKey(pem, publisherKeyFile), publisherKeyFile);
  const envelope = envelopeFromJson(await readGiven('--manifest', manifestFile), manifestFile);
  const manifest = openManifest(envelope, [key], manifestFile);
  return offlineReference({ ...rest, host: ownName(), manifest });
}

function ownName(): string {
  const name = hostname().toLowerCase();
  return HOST_NAME.test(name) ? name : 'localhost';
}

async function readGiven(flag: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new CodedError('file.unreadable', `${flag} ${file}: ${unreadableReason(error)}`, { cause: error });
  }
}
