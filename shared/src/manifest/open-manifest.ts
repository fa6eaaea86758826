import type { Envelope } from '../envelope/envelope.js';
import { PAYLOAD_TYPES } from '../envelope/envelope.js';
import { verifyEnvelope } from '../envelope/verify-envelope.js';
import { type Digest, sha256 } from '../hashing/digest.js';
import { CodedError } from '../runtime/coded-error.js';
import { printable } from '../runtime/printable.js';
import { wallTime } from '../runtime/timestamp.js';
import { type PublicKey, requirePublisherKey } from '../signing/public-key.js';
import { verifyDigestSignature } from '../signing/verify.js';
import { parsePayload } from '../statement/parse-payload.js';
import { type Manifest, manifestStatementSchema, MAX_MANIFEST_BYTES } from './manifest.js';
import type { ImageComponent, ManifestComponent } from './manifest-component.js';

/**
 * A manifest whose seal and every component signature have been verified. Because an RSASSA-PKCS1-v1_5 signature is a
 * function of the file's digest alone, a measured file with an entry's digest has that entry's valid signature:
 * appraisal compares digests and proves signatures.
 */
export interface VerifiedManifest {
  /** Digest of the envelope's payload: the manifest's name in releases and reports. */
  readonly digest: Digest;
  readonly manifest: Manifest;
  readonly signedBy: PublicKey;
}

/**
 * Seal first, shape after, then every component's own signature. Validity in time is `requireValidAt`.
 * @param what names the input in errors
 * @throws CodedError('envelope.*' | 'manifest.malformed' | 'manifest.bad-signature' | 'key.invalid')
 */
export function openManifest(envelope: Envelope, keys: readonly PublicKey[], what: string): VerifiedManifest {
  const signedBy = verifyEnvelope(envelope, { payloadType: PAYLOAD_TYPES.statement, keys, what });
  requirePublisherKey(signedBy, `the key that signed ${what}`);
  const statement = parsePayload(envelope.payload, {
    schema: manifestStatementSchema,
    what,
    maxBytes: MAX_MANIFEST_BYTES,
    code: 'manifest.malformed',
  });
  const manifest = statement.predicate;
  refuseAmbiguity(manifest, what);
  const subjects = manifest.components.map(({ name, digest }) => ({ name, digest: { sha256: digest.slice(7) } }));
  if (JSON.stringify(subjects) !== JSON.stringify(statement.subject)) {
    throw new CodedError('manifest.malformed', `${what}: the in-toto subjects and the components differ`);
  }
  const unsigned = manifest.components.filter((component) => !signaturesHold(component, signedBy));
  if (unsigned.length > 0) {
    const names = unsigned.map(({ name }) => printable(name)).join(', ');
    throw new CodedError(
      'manifest.bad-signature',
      `${what}: the signature of ${names} does not hold for the digest listed`,
    );
  }
  return { digest: sha256(envelope.payload), manifest, signedBy };
}

/** @throws CodedError('manifest.expired' | 'manifest.not-yet-valid') */
export function requireValidAt({ manifest }: VerifiedManifest, wall: number, what: string): void {
  if (wall < wallTime(manifest.notBefore)) {
    throw new CodedError('manifest.not-yet-valid', `${what} is valid from ${manifest.notBefore} on`);
  }
  if (wall >= wallTime(manifest.notAfter)) {
    throw new CodedError('manifest.expired', `${what} expired at ${manifest.notAfter}; publish a newer manifest`);
  }
}

function signaturesHold(component: ManifestComponent, publisher: PublicKey): boolean {
  const signed = component.kind === 'image' ? [component, ...component.executables] : [component];
  return signed.every(({ digest, signature }) => {
    const bytes = Buffer.from(signature, 'base64');
    return bytes.length === 512 && verifyDigestSignature(publisher.key, digest, bytes);
  });
}

/** One entry per component and kind, one entry per path: otherwise two readers could understand two things. */
function refuseAmbiguity(manifest: Manifest, what: string): void {
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const component of manifest.components) {
    const name = `${component.name} [${component.kind}]`;
    if (names.has(name)) throw new CodedError('manifest.malformed', `${what} lists ${name} twice`);
    names.add(name);
    if (component.kind === 'image') {
      refuseAmbiguousImage(component, what);
      continue;
    }
    for (const path of component.paths) {
      if (paths.has(path))
        throw new CodedError('manifest.malformed', `${what} lists the path ${printable(path)} twice`);
      paths.add(path);
    }
  }
  if (wallTime(manifest.notBefore) >= wallTime(manifest.notAfter)) {
    throw new CodedError('manifest.malformed', `${what}: notAfter is not later than notBefore`);
  }
}

/** One entry per executable, and commands that are among them. */
function refuseAmbiguousImage({ name, executables, commands }: ImageComponent, what: string): void {
  const paths = new Set(executables.map(({ path }) => path));
  if (paths.size !== executables.length) {
    throw new CodedError('manifest.malformed', `${what} lists an executable of ${name} twice`);
  }
  const unknown = commands.find((path) => !paths.has(path));
  if (unknown !== undefined) {
    throw new CodedError(
      'manifest.malformed',
      `${what}: the command ${printable(unknown)} of ${name} is no executable`,
    );
  }
}
