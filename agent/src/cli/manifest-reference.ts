import { hostname } from 'node:os';
import { envelopeFromJson, MAX_ENVELOPE_BYTES } from '@sealwatch/shared/envelope/envelope-json.js';
import { openManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readInput } from '@sealwatch/shared/runtime/read-input.js';
import { parsePublicKey, requirePublisherKey } from '@sealwatch/shared/signing/public-key.js';
import { COMPONENT_NAME, HOST_NAME } from '@sealwatch/shared/subject/component.js';
import { type OfflineReference, offlineReference } from '../cycle/offline-reference.js';
import type { ReferenceValues } from '../cycle/reference-values.js';

export interface ManifestOptions extends Omit<OfflineReference, 'host' | 'manifest'> {
  readonly manifestFile: string;
  readonly publisherKeyFile: string;
}

const MAX_KEY_BYTES = 64 * 1024;

/**
 * A manifest from a file, believed only under the key from the other file: never under one it brings itself.
 * @throws CodedError('file.unreadable' | 'usage.invalid' | 'key.invalid' | 'envelope.*' | 'manifest.*')
 */
export async function manifestReference(options: ManifestOptions): Promise<ReferenceValues> {
  const { manifestFile, publisherKeyFile, ...rest } = options;
  for (const name of rest.components ?? []) {
    if (!COMPONENT_NAME.test(name)) throw new CodedError('usage.invalid', `--component ${name}: no component name`);
  }
  const pem = await readInput(publisherKeyFile, MAX_KEY_BYTES);
  const key = requirePublisherKey(parsePublicKey(pem, publisherKeyFile), publisherKeyFile);
  const envelope = envelopeFromJson(await readInput(manifestFile, MAX_ENVELOPE_BYTES), manifestFile);
  const manifest = openManifest(envelope, [key], manifestFile);
  return offlineReference({ ...rest, host: ownName(), manifest });
}

function ownName(): string {
  const name = hostname().toLowerCase();
  return HOST_NAME.test(name) ? name : 'localhost';
}
