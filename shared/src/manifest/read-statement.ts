import { parsePayload } from '../statement/parse-payload.js';
import { type Manifest, manifestStatementSchema, MAX_MANIFEST_BYTES } from './manifest.js';

/**
 * What a statement says, without believing it: a draft that nobody signed, or the payload of an envelope whose seal
 * was not verified. Decisions are for `openManifest`.
 * @param what names the input in the error
 * @throws CodedError('manifest.malformed')
 */
export function readStatement(bytes: Uint8Array, what: string): Manifest {
  return parsePayload(bytes, {
    schema: manifestStatementSchema,
    what,
    maxBytes: MAX_MANIFEST_BYTES,
    code: 'manifest.malformed',
  }).predicate;
}
