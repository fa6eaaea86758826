import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { envelopeFromJson, MAX_ENVELOPE_BYTES } from '@sealwatch/shared/envelope/envelope-json.js';
import { parseBoundedJson } from '@sealwatch/shared/runtime/bounded-json.js';
import { readInput } from '@sealwatch/shared/runtime/read-input.js';

/** A file of `manifest create`: sealed, or a draft (the bytes of an in-toto Statement). Nothing is verified yet. */
export type ManifestFile =
  { readonly kind: 'sealed'; readonly envelope: Envelope } | { readonly kind: 'draft'; readonly statement: Buffer };

/** @throws CodedError('file.unreadable' | 'envelope.malformed') */
export async function readManifestFile(io: Io, path: string): Promise<ManifestFile> {
  const bytes = await readInput(resolve(io.cwd, path), MAX_ENVELOPE_BYTES);
  const limits = { what: path, maxBytes: MAX_ENVELOPE_BYTES, code: 'envelope.malformed' } as const;
  const value = parseBoundedJson(bytes, limits);
  const isStatement = typeof value === 'object' && value !== null && '_type' in value;
  return isStatement
    ? { kind: 'draft', statement: bytes }
    : { kind: 'sealed', envelope: envelopeFromJson(bytes, path) };
}

/** @throws CodedError('file.unreadable' | 'envelope.malformed') */
export async function readSealedManifest(io: Io, path: string): Promise<Envelope> {
  return envelopeFromJson(await readInput(resolve(io.cwd, path), MAX_ENVELOPE_BYTES), path);
}
