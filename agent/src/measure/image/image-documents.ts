import type { BlobFaultObserved } from '@sealwatch/shared/measurement/image-measurement.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { readBlob, type ReadBlob } from '@sealwatch/shared/image/closure/read-blob.js';
import type { ReadOptions } from '@sealwatch/shared/image/closure/read-options.js';
import { resolveManifest } from '@sealwatch/shared/image/closure/resolve-manifest.js';
import type { Descriptor } from '@sealwatch/shared/image/document/descriptor.js';
import { MAX_CONFIG_BYTES, readImageConfig } from '@sealwatch/shared/image/document/image-config.js';
import { MAX_INDEX_BYTES } from '@sealwatch/shared/image/document/image-index.js';
import {
  type ImageManifest,
  MAX_MANIFEST_DOCUMENT_BYTES,
  readImageManifest,
} from '@sealwatch/shared/image/document/image-manifest.js';
import { isIndex } from '@sealwatch/shared/image/document/media-type.js';
import { defaultPlatform } from '@sealwatch/shared/image/document/platform.js';
import type { BlobSource } from '@sealwatch/shared/image/source/blob-source.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { blobFault, unreadableBlob } from './blob-fault.js';

/** What a name leads to by content: index, manifest, config, each held against its digest. */
export type ImageDocuments =
  | {
      readonly state: 'read';
      readonly config: Digest;
      readonly layers: ImageManifest['layers'];
      /** As many as layers. */
      readonly diffIds: readonly Digest[];
    }
  | { readonly state: 'faulty'; readonly fault: BlobFaultObserved };

/**
 * Reads the documents of the image for this machine's platform. What is wrong is a value; a document that is wrong is
 * not followed.
 * @throws CodedError('request.cancelled')
 */
export async function readDocuments(
  source: BlobSource,
  target: Descriptor,
  options: ReadOptions,
): Promise<ImageDocuments> {
  const manifest = await findManifest(source, target, options);
  if ('fault' in manifest) return faulty(manifest);
  const { digest, mediaType } = manifest;
  const blob = await readBlob(source, manifest, MAX_MANIFEST_DOCUMENT_BYTES, options);
  if (blob.state !== 'ok') return faulty(blobFault('manifest', digest, blob));
  const read = parsed('manifest', digest, () => readImageManifest(blob.bytes, 'the manifest'));
  if ('fault' in read) return faulty(read);
  // a document that is two things at once reads differently to different programs (CVE-2021-41190)
  if (read.mediaType !== undefined && read.mediaType !== mediaType) {
    return faulty(unreadableBlob('manifest', digest, 'it says another media type than its descriptor'));
  }
  return readConfig(source, read, options);
}

async function readConfig(
  source: BlobSource,
  { config, layers }: ImageManifest,
  options: ReadOptions,
): Promise<ImageDocuments> {
  const { digest } = config;
  const blob = await readBlob(source, config, MAX_CONFIG_BYTES, options);
  if (blob.state !== 'ok') return faulty(blobFault('config', digest, blob));
  const read = parsed('config', digest, () => readImageConfig(blob.bytes, 'the config'));
  if ('fault' in read) return faulty(read);
  if (read.diffIds.length !== layers.length) {
    const counts = `${String(read.diffIds.length)} layers, the manifest ${String(layers.length)}`;
    return faulty(unreadableBlob('config', digest, `it pins ${counts}`));
  }
  return { state: 'read', config: digest, layers, diffIds: read.diffIds };
}

async function findManifest(
  source: BlobSource,
  target: Descriptor,
  options: ReadOptions,
): Promise<Descriptor | BlobFaultObserved> {
  if (isIndex(target.mediaType)) {
    // looked at by itself: what is wrong with it is worth more than that nothing was found in it
    const index: ReadBlob = await readBlob(source, target, MAX_INDEX_BYTES, options);
    if (index.state !== 'ok') return blobFault('index', target.digest, index);
  }
  try {
    return await resolveManifest(source, target, defaultPlatform(), options);
  } catch (error) {
    if (!isCoded(error)) throw error;
    if (error.code === 'request.cancelled') throw error;
    return unreadableBlob(isIndex(target.mediaType) ? 'index' : 'manifest', target.digest, error.message);
  }
}

function parsed<T extends object>(
  blob: BlobFaultObserved['blob'],
  digest: Digest,
  read: () => T,
): T | BlobFaultObserved {
  try {
    return read();
  } catch (error) {
    if (!isCoded(error)) throw error;
    return unreadableBlob(blob, digest, error.message);
  }
}

function faulty(fault: BlobFaultObserved): ImageDocuments {
  return { state: 'faulty', fault };
}
