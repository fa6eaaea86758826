import { pipeline } from 'node:stream';
import { createGunzip, type ZlibOptions } from 'node:zlib';
import type { Compression } from '../document/media-type.js';
import { ZstdDecoder } from './zstd/zstd-decoder.js';

const CHUNK_BYTES = 256 * 1024;

/**
 * The uncompressed bytes; each chunk stands only until the next one is asked for. Members and frames may follow one
 * another. @throws what the input or the decoder throws
 */
export function inflate(input: AsyncIterable<Uint8Array>, compression: Compression): AsyncIterable<Uint8Array> {
  switch (compression) {
    case 'none':
      return input;
    case 'gzip':
      return gunzip(input);
    case 'zstd':
      return unzstd(input);
  }
}

/**
 * Two chunks of slack let zlib's thread work while the last chunk is hashed here. Input is taken one chunk at a time: the
 * next one may overwrite it.
 */
function gunzip(input: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const marks = { readableHighWaterMark: 2 * CHUNK_BYTES, writableHighWaterMark: 1 };
  const options: ZlibOptions = { chunkSize: CHUNK_BYTES, ...marks };
  const gunzip = createGunzip(options);
  // an error reaches whoever reads the chunks
  pipeline(input, gunzip, () => undefined);
  return gunzip;
}

/** Not Node's own decoder, which older versions lack: one decoder, one behaviour. */
async function* unzstd(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new ZstdDecoder();
  for await (const chunk of input) yield* decoder.push(chunk);
  decoder.end();
}
