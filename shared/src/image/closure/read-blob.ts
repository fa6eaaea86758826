import type { BlobSource } from '../source/blob-source.js';
import type { BlobFault } from './blob-state.js';
import { type ExpectedBlob, hashBlob } from './hash-blob.js';
import type { ReadOptions } from './read-options.js';

export type ReadBlob = { readonly state: 'ok'; readonly bytes: Buffer } | BlobFault;

/** A document of an image, whole: right in size and digest, and no larger than `maxBytes`. @throws CodedError('request.cancelled') */
export async function readBlob(
  source: BlobSource,
  expected: ExpectedBlob,
  maxBytes: number,
  options: ReadOptions = {},
): Promise<ReadBlob> {
  if (expected.size > maxBytes) {
    const reason = `its descriptor says ${String(expected.size)} bytes; at most ${String(maxBytes)} are read`;
    return { state: 'unreadable', reason };
  }
  const chunks: Uint8Array[] = [];
  const fault = await hashBlob(source, expected, options, (chunk) => chunks.push(Buffer.from(chunk)));
  return fault ?? { state: 'ok', bytes: Buffer.concat(chunks) };
}
