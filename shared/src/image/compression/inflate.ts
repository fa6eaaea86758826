import { pipeline } from 'node:stream';
import { createGunzip, type ZlibOptions } from 'node:zlib';
import { wakeCompiler } from '../../runtime/wake-compiler.js';
import type { Compression } from '../document/media-type.js';
import { ZstdDecoder } from './zstd/zstd-decoder.js';

/** Node makes a new buffer for each; small ones are collected sooner, and fewer bytes wait for that. */
const CHUNK_BYTES = 32 * 1024;
/** Let zlib's thread work while the last chunk is hashed here. */
const CHUNKS_AHEAD = 4;

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
 * Input is taken one chunk at a time: the next one may overwrite it. Output is handed on chunk by chunk: as a stream of
 * bytes it would be copied into one piece for a reader that is slower.
 */
function gunzip(input: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const marks = { readableObjectMode: true, readableHighWaterMark: CHUNKS_AHEAD, writableHighWaterMark: 1 };
  const options: ZlibOptions = { chunkSize: CHUNK_BYTES, ...marks };
  const gunzip = createGunzip(options);
  // an error reaches whoever reads the chunks
  pipeline(input, gunzip, () => undefined);
  return gunzip;
}

/** Not Node's own decoder, which older versions lack: one decoder, one behaviour. */
async function* unzstd(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  wakeCompiler();
  const decoder = new ZstdDecoder();
  for await (const chunk of input) yield* decoder.push(chunk);
  decoder.end();
}
