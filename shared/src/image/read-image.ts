import type { Digest } from '../hashing/digest.js';
import { CodedError } from '../runtime/coded-error.js';
import { type BlobFault, faultText } from './closure/blob-state.js';
import type { ReadOptions } from './closure/read-options.js';
import { resolveManifest } from './closure/resolve-manifest.js';
import { type Closure, type LayerBlob, verifyClosure } from './closure/verify-closure.js';
import type { ImageConfig } from './document/image-config.js';
import { defaultPlatform, type Platform, platformMatches, platformText } from './document/platform.js';
import type { ImageSource } from './source/image-source.js';
import { FileSystemTree } from './tree/file-system-tree.js';
import { type ImageFile, listExecutables } from './tree/list-executables.js';
import { type Entrypoint, resolveEntrypoint } from './tree/resolve-entrypoint.js';
import type { TreeLimits } from './tree/tree-budget.js';

/** All of an image that a manifest records, for one platform. Everything was held against its digest. */
export interface ReadImage {
  /** Null in a docker archive, which has no manifest. */
  readonly manifestDigest: Digest | null;
  readonly manifestMediaType: string | null;
  readonly configDigest: Digest;
  /** Bytes, decimal, as all sizes here. */
  readonly configSize: string;
  readonly configBytes: Buffer;
  readonly platform: Platform;
  /** Bottom first. */
  readonly layers: readonly ImageLayer[];
  /** In the order of their paths. */
  readonly executables: readonly ImageFile[];
  readonly entrypoint: Entrypoint;
  /** What a publisher should know before signing. */
  readonly notes: readonly string[];
}

export interface ImageLayer {
  /** Of the stored bytes; null in a docker archive, which pins none. */
  readonly digest: Digest | null;
  readonly mediaType: string;
  readonly size: string;
  readonly diffId: Digest;
  readonly uncompressedSize: string;
}

export interface ReadImageOptions extends ReadOptions {
  /** Default: the one of this machine. */
  readonly platform?: Platform;
  readonly limits?: TreeLimits;
}

/**
 * Reads one image whole, in one pass over its layers.
 * @param name in the source; without one the only image there is
 * @throws CodedError('image.not-found' | 'image.malformed' | 'image.unsupported' | 'limit.exceeded' | 'request.cancelled')
 */
export async function readImage(
  source: ImageSource,
  name: string | undefined,
  { platform = defaultPlatform(), limits, ...options }: ReadImageOptions = {},
): Promise<ReadImage> {
  const found = await source.find(name);
  const target =
    found.kind === 'descriptor'
      ? { ...found, descriptor: await resolveManifest(source.blobs, found.descriptor, platform, options) }
      : found;
  const tree = new FileSystemTree(limits);
  const closure = await verifyClosure(source.blobs, target, { ...options, sink: (index) => tree.layer(index) });
  const { manifest, config, configDigest, layers } = requireWhole(closure);
  const { content, bytes } = config;
  if (!platformMatches(platform, content.platform)) {
    const offered = platformText(content.platform);
    throw new CodedError('image.not-found', `the image is for ${offered}, not for ${platformText(platform)}`);
  }
  return {
    manifestDigest: manifest?.digest ?? null,
    manifestMediaType: manifest?.mediaType ?? null,
    configDigest,
    configSize: String(bytes.length),
    configBytes: bytes,
    platform: content.platform,
    layers,
    executables: listExecutables(tree),
    entrypoint: resolveEntrypoint(tree, content.command),
    notes: [
      ...(manifest === null ? ['a docker archive has no manifest; the image is pinned by its config'] : []),
      ...tree.notes,
    ],
  };
}

/** Every blob right, or an error that names the first that is not. @throws CodedError('image.malformed' | 'limit.exceeded') */
function requireWhole({ manifest, config, layers }: Closure): WholeImage {
  if (manifest !== null && manifest.state.state !== 'ok') throw broken(`manifest ${manifest.digest}`, manifest.state);
  // a config is only left out when the manifest was not right
  if (config === undefined) throw new CodedError('image.malformed', 'the image has no config');
  if (config.state.state !== 'ok') throw broken(`config ${config.digest}`, config.state);
  return { manifest, config: config.state, configDigest: config.digest, layers: layers.map(wholeLayer) };
}

interface WholeImage {
  readonly manifest: Closure['manifest'];
  readonly config: { readonly bytes: Buffer; readonly content: ImageConfig };
  readonly configDigest: Digest;
  readonly layers: readonly ImageLayer[];
}

function wholeLayer({ digest, mediaType, size, diffId, state }: LayerBlob): ImageLayer {
  if (state.state !== 'ok') throw broken(`layer ${digest ?? diffId}`, state);
  return { digest, mediaType, size: String(size), diffId, uncompressedSize: String(state.uncompressedSize) };
}

function broken(what: string, fault: BlobFault): CodedError {
  const code = fault.state === 'inflates-too-far' ? 'limit.exceeded' : 'image.malformed';
  return new CodedError(code, `${what} ${faultText(fault)}`);
}
