import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { MAX_CHECK_BYTES } from '../check/check-json.js';
import { CodedError } from '../runtime/coded-error.js';

/** A JSON document as it travels in one message. */
export function deflateDocument(document: object): Buffer {
  return deflateRawSync(Buffer.from(JSON.stringify(document), 'utf8'), { level: 3 });
}

/** Its bytes again; no more than we would parse. @throws CodedError('collector.protocol') */
export function inflateDocument(deflated: Uint8Array): Buffer {
  try {
    return inflateRawSync(deflated, { maxOutputLength: MAX_CHECK_BYTES });
  } catch (error) {
    throw new CodedError('collector.protocol', "the collector's check document can't be inflated", { cause: error });
  }
}
