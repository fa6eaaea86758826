import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { inflationLimit, MAX_IMAGE_BYTES } from '@sealwatch/shared/image/closure/inflation-limit.js';
import type { ReadOptions } from '@sealwatch/shared/image/closure/read-options.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import type { BlobFaultObserved } from '@sealwatch/shared/measurement/image-measurement.js';
import { blobFault } from './blob-fault.js';
import type { ContainerdBlobs } from './containerd-blobs.js';
import type { ImageDocuments } from './image-documents.js';
import type { LayerMemory } from './layer-memory.js';

export interface LayersSeen {
  readonly faults: readonly BlobFaultObserved[];
  readonly notStored: number;
}

/**
 * Holds an image's stored layers against manifest and config. One that isn't there is no fault: containerd may discard
 * what it has unpacked.
 * @param entry what a manifest lists of this image: it signed how far each layer inflates
 * @throws CodedError('request.cancelled')
 */
export async function verifyLayers(
  blobs: ContainerdBlobs,
  { layers, diffIds }: Extract<ImageDocuments, { state: 'read' }>,
  entry: ImageComponent | undefined,
  { memory, ...options }: ReadOptions & { readonly memory: LayerMemory; readonly fresh: boolean },
): Promise<LayersSeen> {
  const faults = new Map<Digest, BlobFaultObserved>();
  const missing = new Set<Digest>();
  let left = MAX_IMAGE_BYTES;
  for (const [i, { digest, size, compression }] of layers.entries()) {
    const diffId = diffIds[i];
    if (diffId === undefined) break;
    const maxUncompressedSize = Math.min(left, signedSize(entry, diffId) ?? inflationLimit(size));
    const expected = { key: digest, digest, size, compression, diffId, maxUncompressedSize };
    const state = await memory.verify(blobs, expected, options);
    if (state.state === 'ok') left -= state.uncompressedSize;
    else if (state.state === 'missing') missing.add(digest);
    else faults.set(digest, blobFault('layer', digest, state));
  }
  return { faults: [...faults.values()], notStored: missing.size };
}

function signedSize(entry: ImageComponent | undefined, diffId: Digest): number | undefined {
  const layer = entry?.layers.find((candidate) => candidate.diffId === diffId);
  return layer === undefined ? undefined : Number(layer.uncompressedSize);
}
