import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { verifyClosure } from '@sealwatch/shared/image/closure/verify-closure.js';
import type { ReadImage } from '@sealwatch/shared/image/read-image.js';
import type { ImageSource, ImageTarget } from '@sealwatch/shared/image/source/image-source.js';
import { TarReader } from '@sealwatch/shared/image/tar/tar-reader.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { FileKeeper, keptFile } from './file-keeper.js';

/** The bytes that an image's signatures are over, for signers that want to hash them by themselves. Close it. */
export interface ImageContent {
  /** @throws CodedError('file.unreadable') while it is iterated */
  bytes(digest: Digest): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

export interface ReopenedImage {
  readonly image: ReadImage;
  /** In the source. */
  readonly name: string | undefined;
  readonly open: () => Promise<ImageSource>;
  readonly signal: AbortSignal;
}

/**
 * The config is in memory. The executables are taken out of the layers when the first of them is asked for: one more
 * pass, into a directory below TMPDIR that only this user can enter. Layers can't be read at a place, so without it
 * every executable would cost a pass.
 */
export function imageContent(reopened: ReopenedImage): ImageContent {
  const { configDigest, configBytes } = reopened.image;
  let kept: Promise<string> | undefined;
  return {
    async *bytes(digest) {
      if (digest === configDigest) {
        yield configBytes;
        return;
      }
      kept ??= keepExecutables(reopened);
      const file = keptFile(await kept, digest);
      if (!existsSync(file)) {
        throw new CodedError('file.unreadable', `the image changed since it was read: ${digest} is not in it any more`);
      }
      yield* createReadStream(file) as AsyncIterable<Buffer>;
    },
    async close() {
      const directory = await kept?.catch(() => undefined);
      if (directory !== undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What does not hold against its digests is left out, and so missed. @returns the directory */
async function keepExecutables({ image, name, open, signal }: ReopenedImage): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sealwatch-image-'));
  const keeper = new FileKeeper(directory, image.executables);
  const source = await open();
  try {
    const target = await targetOf(image, source, name);
    await verifyClosure(source.blobs, target, { signal, sink: () => new TarReader(keeper) });
    return directory;
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  } finally {
    keeper.close();
    await source.close();
  }
}

/** The very manifest that was read, whatever the name means by now. */
async function targetOf(
  { manifestDigest: digest, manifestMediaType }: ReadImage,
  source: ImageSource,
  name: string | undefined,
): Promise<ImageTarget> {
  if (digest === null) return await source.find(name);
  const size = (await source.blobs.size(digest)) ?? 0;
  return { kind: 'descriptor', descriptor: { digest, mediaType: manifestMediaType ?? '', size } };
}
