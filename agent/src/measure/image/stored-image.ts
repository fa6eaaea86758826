import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { ReadOptions } from '@sealwatch/shared/image/closure/read-options.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import type { StoredImage } from '@sealwatch/shared/measurement/image-measurement.js';
import { cutText } from '../cut-text.js';
import type { ContainerdBlobs } from './containerd-blobs.js';
import type { NamedTarget } from './image-catalogue.js';
import { readDocuments } from './image-documents.js';
import type { LayerMemory } from './layer-memory.js';
import { verifyLayers } from './verify-layers.js';

const MAX_TEXT_BYTES = 1000;

/** One stored image, every blob of it held against its digest. @throws CodedError('request.cancelled') */
export async function storedImage(
  { descriptor, names }: NamedTarget,
  blobs: ContainerdBlobs,
  entryOf: (config: Digest) => ImageComponent | undefined,
  options: ReadOptions & { readonly memory: LayerMemory; readonly fresh: boolean },
): Promise<StoredImage> {
  const documents = await readDocuments(blobs, descriptor, options);
  const called = { names: names.map((name) => cutText(name, MAX_TEXT_BYTES)), target: descriptor.digest };
  if (documents.state === 'faulty') return { ...called, config: null, faults: [documents.fault], layersNotStored: 0 };
  const { config } = documents;
  const layers = await verifyLayers(blobs, documents, entryOf(config), options);
  return { ...called, config, faults: layers.faults, layersNotStored: layers.notStored };
}
