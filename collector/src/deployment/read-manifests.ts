import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { envelopeFromJson, MAX_ENVELOPE_BYTES } from '@sealwatch/shared/envelope/envelope-json.js';
import { openManifest, requireValidAt, type VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import { CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { Problems } from '@sealwatch/shared/runtime/problems.js';
import { readInput } from '@sealwatch/shared/runtime/read-input.js';
import { type Timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import { parsePublicKey } from '@sealwatch/shared/signing/public-key.js';
import type { PublisherKey } from '@sealwatch/shared/trust/release.js';
import type { ClusterConfig, ManifestFile } from '../config/cluster-config.js';

/** A manifest that `cluster.yaml` lists: sealed by a key that counts, and valid when it comes into force. */
export interface ListedManifest {
  readonly envelope: Envelope;
  readonly verified: VerifiedManifest;
  readonly from: Timestamp | null;
  readonly until: Timestamp | null;
}

/**
 * Every listed manifest whose window is not over; whatever is wrong with any of them is said at once.
 * @param now milliseconds since the Unix epoch
 * @throws CodedError('manifest.*' | 'envelope.*' | 'file.unreadable' | 'config.invalid')
 */
export async function readManifests(
  { manifests }: ClusterConfig,
  publisherKeys: readonly PublisherKey[],
  now: number,
): Promise<ListedManifest[]> {
  const problems = new Problems();
  const errors: CodedError[] = [];
  const read = new Map<string, { file: string; manifest: ListedManifest }>();
  for (const entry of manifests) {
    if (entry.until !== null && wallTime(entry.until) <= now) continue;
    try {
      const manifest = await readManifest(entry, publisherKeys, now);
      const twin = read.get(manifest.verified.digest);
      if (twin !== undefined) throw new CodedError('config.invalid', `${entry.file} is the same as ${twin.file}`);
      read.set(manifest.verified.digest, { file: entry.file, manifest });
    } catch (error) {
      if (!isCoded(error)) throw error;
      errors.push(error);
      problems.add('', error.message);
    }
  }
  const [first, second] = errors;
  if (first !== undefined && second === undefined) throw first;
  problems.throwIfAny(first?.code ?? 'config.invalid', `${String(errors.length)} manifests can't be deployed`);
  return [...read.values()].map(({ manifest }) => manifest);
}

async function readManifest(
  { file, from, until }: ManifestFile,
  publisherKeys: readonly PublisherKey[],
  now: number,
): Promise<ListedManifest> {
  const keys = publisherKeys
    .filter(({ revoked }) => revoked === null)
    .map(({ pem, keyid }) => parsePublicKey(pem, `publisher key ${keyid}`));
  const envelope = envelopeFromJson(await readInput(file, MAX_ENVELOPE_BYTES), file);
  try {
    const verified = openManifest(envelope, keys, file);
    requireValidAt(verified, Math.max(now, from === null ? 0 : wallTime(from)), file);
    return { envelope, verified, from, until };
  } catch (error) {
    if (!isCoded(error, 'envelope.unknown-key')) throw error;
    const remedy = 'list its publisher key under publisherKeys in cluster.yaml, if you trust it';
    throw new CodedError(error.code, `${error.message}; ${remedy}`, { cause: error });
  }
}
