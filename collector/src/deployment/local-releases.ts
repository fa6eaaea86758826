import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { envelopeFromJson, envelopeToJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { verifyEnvelope } from '@sealwatch/shared/envelope/verify-envelope.js';
import { readPrivateFile, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import type { PublicKey } from '@sealwatch/shared/signing/public-key.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { MAX_RELEASE_BYTES } from '@sealwatch/shared/trust/open-release.js';
import { type Release, releaseSchema } from '@sealwatch/shared/trust/release.js';
import { readdir } from 'node:fs/promises';
import { type OperatorDirectory, releaseFile } from '../config/operator-directory.js';

/** The highest release version ever signed here, 0 if none was. */
export async function highestLocalVersion({ releases }: OperatorDirectory): Promise<number> {
  const names = await readdir(releases);
  return Math.max(0, ...names.map((name) => Number(/^(\d{5,9})\.dsse\.json$/.exec(name)?.[1] ?? 0)));
}

/** A release signed here earlier. @throws CodedError('envelope.*' | 'release.malformed' | 'file.*') */
export async function readLocalRelease(
  directory: OperatorDirectory,
  version: number,
  clusterKey: PublicKey,
): Promise<Release> {
  const what = releaseFile(directory, version);
  const envelope = envelopeFromJson(await readPrivateFile(what), what);
  verifyEnvelope(envelope, { payloadType: PAYLOAD_TYPES.release, keys: [clusterKey], what });
  return parsePayload(envelope.payload, {
    schema: releaseSchema,
    what,
    maxBytes: MAX_RELEASE_BYTES,
    code: 'release.malformed',
  });
}

/** Before it is published: a version that was signed must never be signed again for something else. */
export async function keepRelease(directory: OperatorDirectory, version: number, envelope: Envelope): Promise<string> {
  const file = releaseFile(directory, version);
  await writePrivateFile(file, envelopeToJson(envelope), { existing: 'create' });
  return file;
}
