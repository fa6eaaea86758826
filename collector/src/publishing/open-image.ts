import { resolve } from 'node:path';
import { ContainerdImageSource } from '@sealwatch/shared/containerd/containerd-image-source.js';
import { GrpcContainerd } from '@sealwatch/shared/containerd/grpc-containerd.js';
import { loadContainerdProtos } from '@sealwatch/shared/containerd/load-containerd-protos.js';
import type { ImageLocation } from '@sealwatch/shared/image/source/image-location.js';
import type { ImageSource } from '@sealwatch/shared/image/source/image-source.js';
import { openImageSource } from '@sealwatch/shared/image/source/open-image-source.js';

/** What is needed to find images. */
export interface ImagePlaces {
  /** Paths of layouts and archives start here. */
  readonly cwd: string;
  readonly containerd: { readonly socket: string; readonly namespace: string };
  readonly signal: AbortSignal;
}

/** @throws CodedError('file.unreadable' | 'image.malformed' | 'image.unsupported'); containerd is asked later */
export async function openImage(location: ImageLocation, places: ImagePlaces): Promise<ImageSource> {
  const { cwd, containerd, signal } = places;
  if (location.kind !== 'containerd') {
    return await openImageSource({ kind: location.kind, path: resolve(cwd, location.path) });
  }
  const { socket, namespace } = containerd;
  const client = new GrpcContainerd({ protos: loadContainerdProtos(), socket: resolve(cwd, socket), namespace });
  return new ContainerdImageSource(client, { signal });
}
