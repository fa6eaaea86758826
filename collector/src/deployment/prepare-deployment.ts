import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import type { VerifiedRelease } from '@sealwatch/shared/trust/open-release.js';
import type { Release } from '@sealwatch/shared/trust/release.js';
import { buildRelease, type PreviousRelease, sameIntent } from './build-release.js';
import type { ClusterConfig } from '../config/cluster-config.js';
import type { OperatorDirectory } from '../config/operator-directory.js';
import { releaseChanges, type ReleaseChange } from './release-changes.js';
import { type UnlistedComponent, unlistedComponents } from './unlisted-components.js';
import type { ClusterTrust } from '../provisioning/cluster-trust.js';
import { highestLocalVersion, readLocalRelease } from './local-releases.js';
import { readCertificates } from './read-certificates.js';
import { readManifests } from './read-manifests.js';
import { readPublisherKeys } from './read-publisher-keys.js';

/** The next release, not signed yet, and what it means. */
export interface PreparedDeployment {
  readonly release: Release;
  /** The manifests it names. */
  readonly manifests: readonly Envelope[];
  /** It wants exactly what is in force. */
  readonly unchanged: boolean;
  readonly changes: readonly ReleaseChange[];
  readonly unlisted: readonly UnlistedComponent[];
}

/**
 * @param input.inForce what the collector has
 * @param input.now milliseconds since the Unix epoch
 * @throws CodedError('manifest.*' | 'envelope.*' | 'key.invalid' | 'config.invalid' | 'file.*')
 */
export async function prepareDeployment(input: {
  directory: OperatorDirectory;
  config: ClusterConfig;
  trust: ClusterTrust;
  inForce: VerifiedRelease | undefined;
  now: number;
  windowMs: number | undefined;
}): Promise<PreparedDeployment> {
  const { directory, config, trust, inForce, now, windowMs } = input;
  const publisherKeys = await readPublisherKeys(config);
  const listed = await readManifests(config, publisherKeys, now);
  const local = await highestLocalVersion(directory);
  const previous = inForce ?? (await localPrevious(input, local));
  const release = buildRelease({
    config,
    inception: trust.inception,
    publisherKeys,
    cmvp: await readCertificates(config, previous?.release.cmvp),
    manifests: listed.map(({ verified, from, until }) => ({ digest: verified.digest, from, until })),
    previous,
    highestVersion: Math.max(local, inForce?.release.version ?? 0),
    now,
    windowMs,
  });
  const known = [...listed.map(({ verified }) => verified), ...(previous?.manifests ?? [])];
  const envelopes = [...listed.map(({ envelope }) => envelope), ...(inForce?.bundle.manifests ?? [])];
  const byDigest = new Map(envelopes.map((envelope) => [sha256(envelope.payload), envelope]));
  const nameOf = (digest: string): string =>
    known.find((manifest) => manifest.digest === digest)?.manifest.id ?? digest.slice(0, 23);
  return {
    release,
    manifests: release.manifests.flatMap(({ digest }) => byDigest.get(digest) ?? []),
    unchanged: inForce !== undefined && sameIntent(inForce.release, release),
    changes: releaseChanges(previous?.release, release, nameOf),
    unlisted: unlistedComponents({
      inception: trust.inception.inception,
      release,
      manifests: known,
      at: timestamp(now),
    }),
  };
}

/** For a collector that has nothing yet, or nothing any more. Its manifests' envelopes are not at hand. */
async function localPrevious(
  { directory, trust }: { directory: OperatorDirectory; trust: ClusterTrust },
  version: number,
): Promise<PreviousRelease | undefined> {
  if (version === 0) return undefined;
  return { release: await readLocalRelease(directory, version, publicKeyOf(trust.clusterKey)), manifests: [] };
}
