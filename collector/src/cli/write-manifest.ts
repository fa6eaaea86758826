import type { Io } from '@sealwatch/shared/cli/io.js';
import { envelopeToJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { Manifest } from '@sealwatch/shared/manifest/manifest.js';
import { manifestStatement } from '@sealwatch/shared/manifest/manifest-statement.js';
import { sealManifest } from '@sealwatch/shared/manifest/seal-manifest.js';
import { writeDurably } from '@sealwatch/shared/runtime/durable-file.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import type { PublisherSigner } from '@sealwatch/shared/signing/publisher-signer.js';
import { manifestText } from './manifest-text.js';
import type { Output } from './output-option.js';

export interface Target {
  readonly path: string;
  /** The path as the user wrote it. */
  readonly shown: string;
  /** Whether an existing file may be replaced. */
  readonly force: boolean;
  readonly output: Output;
  readonly notes: readonly string[];
}

/** Seals, writes the envelope all at once and says what is in it. @throws as `sealManifest` and `writeDurably` do */
export async function writeManifest(
  io: Io,
  manifest: Manifest,
  signer: PublisherSigner,
  target: Target,
): Promise<void> {
  const envelope = await sealManifest(manifest, signer);
  await write(target, envelopeToJson(envelope));
  const digest = sha256(envelope.payload);
  const { keyid } = signer;
  tell(io, target, { sealed: true, digest, keyid, manifest }, [
    `Sealed by publisher key ${keyid}`,
    `Digest ${digest}`,
    `Written to ${target.shown}`,
  ]);
}

/** A draft: the statement that would be sealed, in plain JSON, with empty signatures. */
export async function writeDraft(io: Io, manifest: Manifest, target: Target): Promise<void> {
  await write(target, `${JSON.stringify(manifestStatement(manifest), null, 2)}\n`);
  tell(io, target, { sealed: false, digest: null, keyid: null, manifest }, [
    `Draft, not signed, written to ${target.shown}; review it, then: sealwatch manifest sign ${target.shown} --out FILE`,
  ]);
}

function write({ path, force }: Target, text: string): Promise<void> {
  return writeDurably(path, text, { mode: 0o644, existing: force ? 'replace' : 'create' });
}

function tell(
  io: Io,
  { shown: file, notes, output }: Target,
  facts: { sealed: boolean; digest: string | null; keyid: string | null; manifest: Manifest },
  closing: readonly string[],
): void {
  if (output === 'json') {
    io.out.write(jsonText({ schema: 'sealwatch/manifest-written/v1', file, notes, ...facts }));
    return;
  }
  const noted = notes.map((note) => `Note: ${note}`);
  io.out.write([...manifestText(facts.manifest), ...noted, ...closing, ''].join('\n'));
}
