import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { envelopeFromJson, envelopeToJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { digestSchema } from '@sealwatch/shared/measurement/field-schemas.js';
import {
  ensurePrivateDirectory,
  readPrivateFile,
  readPrivateFileIfThere,
  writePrivateFile,
} from '@sealwatch/shared/runtime/private-files.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import type { ReleaseBundle, VerifiedRelease } from '@sealwatch/shared/trust/open-release.js';
import * as z from 'zod/mini';

/** The newest release this host ever accepted: it takes no older one again, whoever signed it. */
export interface HighestRelease {
  readonly version: number;
  readonly digest: Digest;
}

const highestSchema: z.ZodMiniType<HighestRelease> = z.strictObject({
  version: z.int().check(z.positive()),
  digest: digestSchema,
});

const RELEASE = 'release.dsse.json';
const HIGHEST = 'highest.json';
const MANIFEST = /^[0-9a-f]{64}\.manifest\.dsse\.json$/;

/** Undefined if no release was ever stored. Nothing is verified here. @throws CodedError('file.*' | 'envelope.malformed') */
export async function readReleaseBundle(directory: string): Promise<ReleaseBundle | undefined> {
  const bytes = await readPrivateFileIfThere(join(directory, RELEASE));
  if (bytes === undefined) return undefined;
  const release = envelopeFromJson(bytes, join(directory, RELEASE));
  const names = (await readdir(directory)).filter((name) => MANIFEST.test(name));
  const manifests = [];
  for (const name of names) {
    const path = join(directory, name);
    manifests.push(envelopeFromJson(await readPrivateFile(path), path));
  }
  return { release, manifests };
}

/** @throws CodedError('file.*' | 'store.corrupt') */
export async function readHighestRelease(directory: string): Promise<HighestRelease | undefined> {
  const path = join(directory, HIGHEST);
  const bytes = await readPrivateFileIfThere(path);
  if (bytes === undefined) return undefined;
  return parsePayload(bytes, { schema: highestSchema, what: path, maxBytes: 1024, code: 'store.corrupt' });
}

/** Manifests first, then the release that names them, then the mark: a crash leaves the old release whole or the new one. */
export async function writeRelease(directory: string, { bundle, release, digest }: VerifiedRelease): Promise<void> {
  await ensurePrivateDirectory(directory);
  const named = new Set<string>();
  for (const manifest of bundle.manifests) {
    const name = `${sha256(manifest.payload).slice(7)}.manifest.dsse.json`;
    named.add(name);
    await writePrivateFile(join(directory, name), envelopeToJson(manifest));
  }
  await writePrivateFile(join(directory, RELEASE), envelopeToJson(bundle.release));
  await writePrivateFile(join(directory, HIGHEST), JSON.stringify({ version: release.version, digest }));
  for (const name of await readdir(directory)) {
    if (MANIFEST.test(name) && !named.has(name)) await unlink(join(directory, name));
  }
}
