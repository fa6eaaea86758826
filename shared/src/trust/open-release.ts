import { type Envelope, PAYLOAD_TYPES } from '../envelope/envelope.js';
import { verifyEnvelope } from '../envelope/verify-envelope.js';
import { type Digest, sha256 } from '../hashing/digest.js';
import { openManifest, type VerifiedManifest } from '../manifest/open-manifest.js';
import { CodedError } from '../runtime/coded-error.js';
import { parsePublicKey, type PublicKey, requirePublisherKey } from '../signing/public-key.js';
import { parsePayload } from '../statement/parse-payload.js';
import type { VerifiedInception } from './open-inception.js';
import { type Release, releaseSchema } from './release.js';

/** A release as it travels: itself and every manifest it names. */
export interface ReleaseBundle {
  readonly release: Envelope;
  readonly manifests: readonly Envelope[];
}

/** A release under the cluster key, with its manifests under the publisher keys it pins. */
export interface VerifiedRelease {
  readonly digest: Digest;
  readonly release: Release;
  readonly manifests: readonly VerifiedManifest[];
  readonly bundle: ReleaseBundle;
}

export const MAX_RELEASE_BYTES: number = 4 * 1024 * 1024;

/**
 * Signature, shape, cluster, keys, then each manifest. Rollback is the caller's to refuse: it knows the highest
 * version seen. Validity in time of a manifest is a finding at appraisal, not an error here.
 * @throws CodedError('envelope.*' | 'release.malformed' | 'inception.mismatch' | 'manifest.*' | 'key.invalid')
 */
export function openRelease(
  bundle: ReleaseBundle,
  trust: { clusterKey: PublicKey; inception: VerifiedInception },
): VerifiedRelease {
  const what = 'the release';
  const { release: envelope } = bundle;
  verifyEnvelope(envelope, { payloadType: PAYLOAD_TYPES.release, keys: [trust.clusterKey], what });
  const release = parsePayload(envelope.payload, {
    schema: releaseSchema,
    what,
    maxBytes: MAX_RELEASE_BYTES,
    code: 'release.malformed',
  });
  const { inception, digest: inceptionDigest } = trust.inception;
  if (release.clusterId !== inception.clusterId || release.inception !== inceptionDigest) {
    throw new CodedError('inception.mismatch', `${what} is for another cluster or another inception of it`);
  }
  refuseDuplicates(release);
  const keys = publisherKeys(release);
  const opened = new Map<Digest, VerifiedManifest>();
  for (const manifest of bundle.manifests) {
    const digest = sha256(manifest.payload);
    if (release.manifests.some((entry) => entry.digest === digest)) {
      opened.set(digest, openManifest(manifest, keys, `manifest ${digest.slice(7, 23)}`));
    }
  }
  const manifests = release.manifests.map(({ digest }) => {
    const manifest = opened.get(digest);
    if (manifest === undefined)
      throw new CodedError('manifest.unknown', `${what} names manifest ${digest}, which did not come with it`);
    return manifest;
  });
  return { digest: sha256(envelope.payload), release, manifests, bundle };
}

/** The keys that count: pinned by the release and not revoked. */
function publisherKeys(release: Release): PublicKey[] {
  return release.publisherKeys
    .filter(({ revoked }) => revoked === null)
    .map(({ keyid, pem }) => {
      const key = requirePublisherKey(parsePublicKey(pem, `publisher key ${keyid}`), `publisher key ${keyid}`);
      if (key.keyid !== keyid)
        throw new CodedError('release.malformed', `publisher key ${keyid} has the id ${key.keyid}`);
      return key;
    });
}

function refuseDuplicates({ hosts, operators, manifests }: Release): void {
  for (const [what, names] of [
    ['host', hosts.map(({ name }) => name)],
    ['operator', operators.map(({ name }) => name)],
    ['manifest', manifests.map(({ digest }) => digest)],
  ] as const) {
    const seen = new Set<string>();
    for (const name of names) {
      if (seen.has(name)) throw new CodedError('release.malformed', `the release names ${what} ${name} twice`);
      seen.add(name);
    }
  }
}
