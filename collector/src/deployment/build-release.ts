import type { CmvpSnapshot } from '@sealwatch/shared/cmvp/cmvp-snapshot.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { type Timestamp, timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import type { ManifestInForce, PublisherKey, Release } from '@sealwatch/shared/trust/release.js';
import { isDeepStrictEqual } from 'node:util';
import type { ClusterConfig } from '../config/cluster-config.js';

export interface ReleaseInput {
  readonly config: Pick<ClusterConfig, 'policy' | 'hosts' | 'operators'>;
  readonly inception: VerifiedInception;
  readonly publisherKeys: readonly PublisherKey[];
  readonly cmvp: CmvpSnapshot;
  /** The manifests that `cluster.yaml` lists; null: no window of their own. */
  readonly manifests: readonly {
    readonly digest: Digest;
    readonly from: Timestamp | null;
    readonly until: Timestamp | null;
  }[];
  /** What is in force now. */
  readonly previous: PreviousRelease | undefined;
  /** The highest version ever signed, 0 if none was. */
  readonly highestVersion: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** How long manifests that are not listed any more stay in force beside the new ones; undefined if nobody said. */
  readonly windowMs: number | undefined;
}

export interface PreviousRelease {
  readonly release: Release;
  /** Those of its manifests that are at hand. */
  readonly manifests: readonly VerifiedManifest[];
}

/** `check` names a host that was taken out for so long. */
const REMOVED_HOSTS_MS = 30 * 86_400_000;

/**
 * The operator's intent as the next signed version. Pure.
 * @throws CodedError('config.invalid') if a revoked publisher key is to count again
 */
export function buildRelease(input: ReleaseInput): Release {
  const { config, inception, now } = input;
  const publisherKeys = withRevocations(input);
  return {
    schema: 'sealwatch/release/v1',
    clusterId: inception.inception.clusterId,
    inception: inception.digest,
    version: input.highestVersion + 1,
    issuedAt: timestamp(now),
    policy: config.policy,
    hosts: byName(config.hosts),
    removedHosts: removedHosts(input),
    operators: byName(config.operators),
    publisherKeys,
    manifests: [...listedManifests(input), ...endingManifests(input, publisherKeys)],
    cmvp: input.cmvp,
  };
}

/** Whether two releases want the same; then there is nothing to deploy. */
export function sameIntent(a: Release, b: Release): boolean {
  return isDeepStrictEqual({ ...a, version: 0, issuedAt: '' }, { ...b, version: 0, issuedAt: '' });
}

function removedHosts({ config, previous, now }: ReleaseInput): Release['removedHosts'] {
  if (previous === undefined) return [];
  const { hosts, removedHosts: earlier } = previous.release;
  const declared = new Set(config.hosts.map(({ name }) => name));
  const removed = [...earlier, ...hosts.map(({ name }) => ({ name, removedAt: timestamp(now) }))];
  return byName(
    removed.filter(({ name, removedAt }) => !declared.has(name) && now - wallTime(removedAt) < REMOVED_HOSTS_MS),
  );
}

/** A manifest that is in force already keeps its beginning: deploying again does not restart it. */
function listedManifests({ manifests, previous, now }: ReleaseInput): ManifestInForce[] {
  const begun = new Map(previous?.release.manifests.map(({ digest, from }) => [digest, from]));
  return manifests.map(({ digest, from, until }) => ({
    digest,
    from: from ?? begun.get(digest) ?? timestamp(now),
    until,
  }));
}

/**
 * Manifests that are in force and not listed any more. With a window they stay until it ends, but no longer than they
 * would have; without one they end now, except those an earlier window still holds: that promise is kept, and
 * `--window 0s` breaks it. One that has expired or whose key does not count any more always ends now.
 */
function endingManifests(input: ReleaseInput, keys: readonly PublisherKey[]): ManifestInForce[] {
  const { manifests, previous, now, windowMs } = input;
  const listed = new Set(manifests.map(({ digest }) => digest));
  const trusted = new Set(keys.filter(({ revoked }) => revoked === null).map(({ keyid }) => keyid));
  return (previous?.release.manifests ?? []).flatMap((entry) => {
    const verified = previous?.manifests.find(({ digest }) => digest === entry.digest);
    if (listed.has(entry.digest) || verified === undefined || !trusted.has(verified.signedBy.keyid)) return [];
    const granted = entry.until === null ? Number.POSITIVE_INFINITY : wallTime(entry.until);
    const end = windowMs === undefined ? (entry.until === null ? now : granted) : Math.min(granted, now + windowMs);
    if (end <= now || wallTime(entry.from) >= end || wallTime(verified.manifest.notAfter) <= now) return [];
    return [{ ...entry, until: timestamp(end) }];
  });
}

/** A revocation is for ever, even when `cluster.yaml` forgets the key. */
function withRevocations({ publisherKeys, previous }: ReleaseInput): PublisherKey[] {
  const revoked = (previous?.release.publisherKeys ?? []).filter((key) => key.revoked !== null);
  for (const { keyid, revoked: revocation } of revoked) {
    if (publisherKeys.some((key) => key.keyid === keyid && key.revoked === null)) {
      throw new CodedError(
        'config.invalid',
        `publisher key ${keyid} was revoked at ${revocation?.at ?? ''} and can't count again; take it out of ` +
          'cluster.yaml and have the manifests signed with a new key',
      );
    }
  }
  return [...publisherKeys, ...revoked.filter(({ keyid }) => publisherKeys.every((key) => key.keyid !== keyid))];
}

function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
