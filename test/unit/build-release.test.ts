import { buildRelease, type ReleaseInput, sameIntent } from '@sealwatch/collector/deployment/build-release.js';
import { DEFAULT_OPERATORS, DEFAULT_POLICY } from '@sealwatch/collector/config/cluster-defaults.js';
import { releaseChanges } from '@sealwatch/collector/deployment/release-changes.js';
import { unlistedComponents } from '@sealwatch/collector/deployment/unlisted-components.js';
import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import type { VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import type { PublisherKey, Release } from '@sealwatch/shared/trust/release.js';
import { releaseSchema } from '@sealwatch/shared/trust/release.js';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_SNAPSHOT } from '@sealwatch/shared/cmvp/built-in-snapshot.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-23T09:30:00.000Z');

const clusterKey = publicKeyOf(generateP256().privateKey);
const publisher = publicKeyOf(generateP256().privateKey);

const inception: VerifiedInception = {
  digest: sha256(Buffer.from('inception')),
  inception: {
    schema: 'sealwatch/inception/v1',
    clusterId: 'c'.repeat(32),
    clusterName: 'prod',
    mode: 'fips',
    createdAt: timestamp(NOW - 100 * DAY),
    clusterKey: clusterKey.keyid,
    adopted: null,
  },
  envelope: { payloadType: PAYLOAD_TYPES.inception, payload: Buffer.alloc(0), signatures: [] },
};

const KEY: PublisherKey = { keyid: publisher.keyid, pem: 'PEM', revoked: null };

function manifest(id: string, options: { notAfter?: number; components?: readonly string[] } = {}): VerifiedManifest {
  const components = options.components ?? ['kubeadm', 'kubelet', 'containerd', 'runc'];
  return {
    digest: sha256(Buffer.from(id)),
    signedBy: publisher,
    manifest: {
      schema: 'sealwatch/manifest/v1',
      id,
      notBefore: timestamp(NOW - 50 * DAY),
      notAfter: timestamp(options.notAfter ?? NOW + 300 * DAY),
      operatingSystems: [],
      kubernetesVersion: null,
      components: components.map((name) => ({
        kind: 'file',
        name,
        paths: [`/usr/bin/${name}`],
        digest: sha256(Buffer.from(name)),
        size: '1',
        signature: '',
      })),
    },
  };
}

const OLD = manifest('konvoy-1.7.0');
const NEW = manifest('konvoy-1.7.1');

function listed({ digest }: VerifiedManifest, from: string | null = null, until: string | null = null) {
  return { digest, from, until };
}

function input(changes: Partial<ReleaseInput> = {}): ReleaseInput {
  return {
    config: { policy: DEFAULT_POLICY, hosts: [{ name: 'a', role: 'control-plane' }], operators: DEFAULT_OPERATORS },
    inception,
    publisherKeys: [KEY],
    cmvp: BUILT_IN_SNAPSHOT,
    manifests: [],
    previous: undefined,
    highestVersion: 0,
    now: NOW,
    windowMs: undefined,
    ...changes,
  };
}

/** A deployment that is followed by another, an hour later unless said otherwise. */
function after(
  first: ReleaseInput,
  changes: Partial<ReleaseInput>,
  manifests: readonly VerifiedManifest[] = [OLD, NEW],
): Release {
  const release = buildRelease(first);
  const known = manifests.filter(({ digest }) => release.manifests.some((entry) => entry.digest === digest));
  return buildRelease({
    ...first,
    now: first.now + HOUR,
    highestVersion: release.version,
    previous: { release, manifests: known },
    ...changes,
  });
}

function windows(release: Release): Record<string, [string, string | null]> {
  const ids = new Map<Digest, string>([OLD, NEW].map(({ digest, manifest: { id } }) => [digest, id]));
  return Object.fromEntries(
    release.manifests.map(({ digest, from, until }) => [ids.get(digest) ?? digest, [from, until]]),
  );
}

const hosts = (...names: string[]): Pick<ReleaseInput, 'config'> => ({
  config: { ...input().config, hosts: names.map((name) => ({ name, role: 'worker' as const })) },
});

describe('the release that is built', () => {
  it('is the next version, bound to the inception, and of the shape everybody reads', () => {
    const release = buildRelease(input({ highestVersion: 41, manifests: [listed(OLD)] }));
    expect(releaseSchema.parse(release)).toEqual(release);
    expect(release).toMatchObject({
      version: 42,
      clusterId: inception.inception.clusterId,
      inception: inception.digest,
      issuedAt: timestamp(NOW),
      policy: DEFAULT_POLICY,
      publisherKeys: [KEY],
    });
  });

  it('does not depend on the order of hosts', () => {
    expect(buildRelease(input(hosts('b', 'a', 'c')))).toEqual(buildRelease(input(hosts('c', 'b', 'a'))));
  });

  it('is the same intent when nothing changed, an hour later', () => {
    const first = input({ ...hosts('a', 'b'), manifests: [listed(OLD)] });
    expect(sameIntent(buildRelease(first), after(first, {}))).toBe(true);
  });

  it.each<[string, Partial<ReleaseInput>]>([
    ['a host', hosts('a', 'b', 'c')],
    ['the policy', { config: { ...input(hosts('a', 'b')).config, policy: { ...DEFAULT_POLICY, scanIntervalMs: 1 } } }],
    ['a manifest', { manifests: [listed(NEW)] }],
    ['a window', { manifests: [listed(OLD, null, timestamp(NOW + DAY))] }],
    ['a key', { publisherKeys: [{ ...KEY, revoked: { at: timestamp(NOW), compromisedAt: null } }] }],
  ])('is another intent when %s changed', (_, changes) => {
    const first = input({ ...hosts('a', 'b'), manifests: [listed(OLD)] });
    expect(sameIntent(buildRelease(first), after(first, changes))).toBe(false);
  });
});

describe('hosts that were taken out', () => {
  it('are named with the time, for 30 days', () => {
    const first = input(hosts('a', 'b', 'c'));
    const second = after(first, hosts('a'));
    const gone = timestamp(NOW + HOUR);
    expect(second.removedHosts).toEqual([
      { name: 'b', removedAt: gone },
      { name: 'c', removedAt: gone },
    ]);
    const later = (now: number): Release =>
      buildRelease({ ...first, ...hosts('a'), now, previous: { release: second, manifests: [] }, highestVersion: 2 });
    expect(later(NOW + HOUR + 30 * DAY - 1).removedHosts).toEqual(second.removedHosts);
    expect(later(NOW + HOUR + 30 * DAY).removedHosts).toEqual([]);
  });

  it('are forgotten when they come back', () => {
    const first = input(hosts('a', 'b'));
    const without = after(first, hosts('a'));
    const back = buildRelease({ ...first, previous: { release: without, manifests: [] }, now: NOW + 2 * HOUR });
    expect(back.removedHosts).toEqual([]);
  });
});

describe('manifests', () => {
  const start = timestamp(NOW);
  const first = input({ manifests: [listed(OLD)] });

  it('count from the deploy that brings them, and deploying again does not restart them', () => {
    expect(windows(buildRelease(first))).toEqual({ 'konvoy-1.7.0': [start, null] });
    expect(windows(after(first, {}))).toEqual({ 'konvoy-1.7.0': [start, null] });
  });

  it('keep the window that cluster.yaml gives them', () => {
    const [from, until] = [timestamp(NOW - DAY), timestamp(NOW + DAY)];
    expect(windows(buildRelease(input({ manifests: [listed(OLD, from, until)] })))).toEqual({
      'konvoy-1.7.0': [from, until],
    });
  });

  it('that are not listed any more end at once without --window', () => {
    expect(windows(after(first, { manifests: [listed(NEW)] }))).toEqual({
      'konvoy-1.7.1': [timestamp(NOW + HOUR), null],
    });
  });

  it('that are not listed any more stay for the window beside the new ones', () => {
    expect(windows(after(first, { manifests: [listed(NEW)], windowMs: 4 * HOUR }))).toEqual({
      'konvoy-1.7.0': [start, timestamp(NOW + 5 * HOUR)],
      'konvoy-1.7.1': [timestamp(NOW + HOUR), null],
    });
  });

  describe('in a change window', () => {
    const windowed = after(first, { manifests: [listed(NEW)], windowMs: 4 * HOUR });
    const next = (hours: number, windowMs?: number): string[] =>
      Object.entries(
        windows(
          buildRelease({
            ...first,
            manifests: [listed(NEW)],
            now: NOW + hours * HOUR,
            previous: { release: windowed, manifests: [OLD, NEW] },
            windowMs,
          }),
        ),
      ).map(([id, [, until]]) => `${id} ${until ?? 'open'}`);

    it('another deploy keeps the promise', () => {
      expect(next(2)).toContain(`konvoy-1.7.0 ${timestamp(NOW + 5 * HOUR)}`);
    });

    it('another window does not lengthen it', () => {
      expect(next(2, 10 * HOUR)).toContain(`konvoy-1.7.0 ${timestamp(NOW + 5 * HOUR)}`);
    });

    it('a shorter window shortens it, and --window 0s ends it', () => {
      expect(next(2, HOUR)).toContain(`konvoy-1.7.0 ${timestamp(NOW + 3 * HOUR)}`);
      expect(next(2, 0)).toEqual(['konvoy-1.7.1 open']);
    });

    it('it is over when its time is', () => {
      expect(next(5)).toEqual(['konvoy-1.7.1 open']);
    });
  });

  it('that have expired or whose key does not count are not carried on', () => {
    const windowMs = 4 * HOUR;
    const expired = manifest('konvoy-1.7.0', { notAfter: NOW + HOUR });
    expect(windows(after(first, { manifests: [listed(NEW)], windowMs }, [expired]))).not.toHaveProperty('konvoy-1.7.0');
    const revoked = { ...KEY, revoked: { at: timestamp(NOW), compromisedAt: null } };
    for (const publisherKeys of [[revoked], []]) {
      expect(windows(after(first, { manifests: [], windowMs, publisherKeys }))).toEqual({});
    }
  });

  it('whose envelope is not at hand are not carried on', () => {
    expect(windows(after(first, { manifests: [], windowMs: HOUR }, []))).toEqual({});
  });
});

describe('a revoked publisher key', () => {
  const revoked = { ...KEY, revoked: { at: timestamp(NOW), compromisedAt: null } };
  const first = input({ publisherKeys: [revoked] });

  it('stays revoked when cluster.yaml forgets it', () => {
    expect(after(first, { publisherKeys: [] }).publisherKeys).toEqual([revoked]);
  });

  it('can not count again', () => {
    expect(() => after(first, { publisherKeys: [KEY] })).toThrow(/was revoked at .* and can't count again/);
  });
});

const IMAGES = ['kube-apiserver', 'kube-controller-manager', 'kube-proxy', 'kube-scheduler', 'etcd'].map(
  (name) => `control-plane ${name}`,
);

describe('required components that no manifest lists', () => {
  function unlisted(changes: Partial<ReleaseInput>, manifests: readonly VerifiedManifest[]): string[] {
    const release = buildRelease(input({ manifests: manifests.map((each) => listed(each)), ...changes }));
    return unlistedComponents({ inception: inception.inception, release, manifests, at: timestamp(NOW) }).map(
      ({ role, component }) => `${role} ${component}`,
    );
  }

  it('are named for each role that has hosts', () => {
    expect(unlisted({}, [manifest('m', { components: ['kubelet', 'runc'] })])).toEqual([
      'control-plane kubeadm',
      'control-plane containerd',
      ...IMAGES,
    ]);
    const worker = ['kubeadm', 'kubelet', 'containerd', 'runc', 'kube-proxy'];
    expect(unlisted(hosts('a'), [])).toEqual(worker.map((name) => `worker ${name}`));
    expect(unlisted(hosts(), [])).toEqual([]);
  });

  it('may be spread over manifests, but those must be in force now', () => {
    const [one, two] = [
      manifest('1', { components: ['kubeadm', 'kubelet'] }),
      manifest('2', { components: ['containerd', 'runc'] }),
    ];
    expect(unlisted({}, [one, two])).toEqual(IMAGES);
    const tomorrow = { manifests: [listed(one), listed(two, timestamp(NOW + DAY))] };
    expect(unlisted(tomorrow, [one, two])).toEqual(['control-plane containerd', 'control-plane runc', ...IMAGES]);
  });

  it('are not missed where a file of the same name is listed', () => {
    expect(unlisted({}, [manifest('m', { components: ['etcd'] })])).toContain('control-plane etcd');
  });
});

describe('what a deploy prints', () => {
  it('names what comes, goes and changes', () => {
    const first = input({ ...hosts('a', 'b'), manifests: [listed(OLD)] });
    const before = buildRelease(first);
    const next = after(first, {
      config: {
        hosts: [
          { name: 'a', role: 'control-plane' },
          { name: 'c', role: 'worker' },
        ],
        operators: [...DEFAULT_OPERATORS, { name: 'eve', role: 'viewer' }],
        policy: { ...DEFAULT_POLICY, scanIntervalMs: 600_000, require: ['file'] },
      },
      manifests: [listed(NEW)],
      windowMs: HOUR,
    });
    const names = new Map<string, string>([OLD, NEW].map(({ digest, manifest: { id } }) => [digest, id]));
    const printed = releaseChanges(before, next, (digest) => names.get(digest) ?? '');
    expect(printed.map(({ sign, what, name, details }) => `${sign} ${what} ${name}: ${details}`)).toEqual([
      '~ host a: worker -> control-plane',
      '+ host c: worker',
      '- host b: worker',
      '+ operator eve: viewer',
      `+ manifest konvoy-1.7.1: from ${timestamp(NOW + HOUR)}`,
      `~ manifest konvoy-1.7.0: from ${timestamp(NOW)} -> from ${timestamp(NOW)} until ${timestamp(NOW + 2 * HOUR)}`,
      '~ policy require: ["file","image","process","module","service","host"] -> ["file"]',
      '~ policy scanInterval: 15m -> 10m',
    ]);
  });

  it('names another list of certificates by its day and size', () => {
    const before = buildRelease(input());
    const cmvp = { ...BUILT_IN_SNAPSHOT, asOf: '2026-11-01', certificates: BUILT_IN_SNAPSHOT.certificates.slice(0, 2) };
    const changes = releaseChanges(before, buildRelease(input({ cmvp })), () => '');
    expect(changes).toEqual([
      { sign: '~', what: 'certificates', name: 'NIST CMVP list', details: '2026-04-15 (11) -> 2026-11-01 (2)' },
    ]);
  });

  it('does not print the whole policy as a change at the first deploy', () => {
    const changes = releaseChanges(undefined, buildRelease(input()), () => '');
    expect(changes.map(({ what }) => what)).toEqual(['host', 'operator', 'publisher key']);
  });
});
