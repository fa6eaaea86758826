import { type Envelope, PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { verifyEnvelope } from '@sealwatch/shared/envelope/verify-envelope.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { manifestStatementSchema, MAX_MANIFEST_BYTES } from '@sealwatch/shared/manifest/manifest.js';
import { requireValidAt } from '@sealwatch/shared/manifest/open-manifest.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { PublicKey } from '@sealwatch/shared/signing/public-key.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import type { VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import {
  MAX_RELEASE_BYTES,
  openRelease,
  type ReleaseBundle,
  type VerifiedRelease,
} from '@sealwatch/shared/trust/open-release.js';
import { releaseSchema } from '@sealwatch/shared/trust/release.js';
import { MAX_MESSAGE_BYTES } from '@sealwatch/shared/wire/wire-limits.js';
import type { ReleaseStore } from '../store/release-store.js';
import type { ReleaseService } from './release-service.js';

/** Payload type, signatures and framing of one envelope, generously. */
const ENVELOPE_OVERHEAD = 8192;

interface Dependencies {
  readonly clusterKey: PublicKey;
  readonly inception: VerifiedInception;
  readonly store: ReleaseStore;
  readonly clock: Clock;
  /** Called after a release was recorded. */
  readonly onRelease: (release: VerifiedRelease) => void;
}

/** Holds the release in force. Whoever publishes, only the cluster key's signature makes a release. */
export class ReleaseKeeper implements ReleaseService {
  readonly #deps: Dependencies;
  #current: VerifiedRelease | undefined;
  readonly #opened = new Map<Digest, VerifiedRelease>();

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  get inception(): VerifiedInception {
    return this.#deps.inception;
  }

  current(): VerifiedRelease | undefined {
    return this.#current;
  }

  /** Takes up what was in force before a restart; it is verified again, a database is not believed. */
  async load(): Promise<void> {
    const record = await this.#deps.store.currentRelease();
    if (record === undefined) return;
    this.#current = openRelease(record.bundle, this.#deps);
    this.#opened.set(this.#current.digest, this.#current);
  }

  /** Any release ever in force, verified; undefined if there was none with this digest. */
  async byDigest(digest: Digest): Promise<VerifiedRelease | undefined> {
    const opened = this.#opened.get(digest);
    if (opened !== undefined) return opened;
    const record = await this.#deps.store.release(digest);
    if (record === undefined) return undefined;
    const release = openRelease(record.bundle, this.#deps);
    this.#opened.set(digest, release);
    return release;
  }

  async publish(bundle: ReleaseBundle): Promise<VerifiedRelease> {
    const release = openRelease(await this.#complete(bundle), this.#deps);
    this.#requireUsable(release);
    requireSendable(release.bundle);
    const publishedAt = timestamp(this.#deps.clock.wall());
    await this.#deps.store.recordRelease({
      version: release.release.version,
      digest: release.digest,
      bundle: release.bundle,
      publishedAt,
    });
    if (release.digest === this.#current?.digest) return this.#current;
    this.#current = release;
    this.#opened.set(release.digest, release);
    this.#deps.onRelease(release);
    return release;
  }

  async uploadManifest(envelope: Envelope): Promise<Digest> {
    if (envelope.payloadType !== PAYLOAD_TYPES.statement) {
      throw new CodedError(
        'manifest.malformed',
        `a manifest has payload type ${PAYLOAD_TYPES.statement}, not ${envelope.payloadType}`,
      );
    }
    parsePayload(envelope.payload, {
      schema: manifestStatementSchema,
      what: 'the manifest',
      maxBytes: MAX_MANIFEST_BYTES,
      code: 'manifest.malformed',
    });
    const digest = sha256(envelope.payload);
    await this.#deps.store.putManifest({ digest, envelope, at: timestamp(this.#deps.clock.wall()) });
    return digest;
  }

  /** Adds the manifests that were uploaded before. */
  async #complete(bundle: ReleaseBundle): Promise<ReleaseBundle> {
    verifyEnvelope(bundle.release, {
      payloadType: PAYLOAD_TYPES.release,
      keys: [this.#deps.clusterKey],
      what: 'the release',
    });
    const { manifests: named } = parsePayload(bundle.release.payload, {
      schema: releaseSchema,
      what: 'the release',
      maxBytes: MAX_RELEASE_BYTES,
      code: 'release.malformed',
    });
    const given = new Map(bundle.manifests.map((envelope) => [sha256(envelope.payload), envelope]));
    const manifests: Envelope[] = [];
    for (const { digest } of named) {
      const envelope = given.get(digest) ?? (await this.#deps.store.manifest(digest));
      if (envelope !== undefined) manifests.push(envelope);
    }
    return { release: bundle.release, manifests };
  }

  /** Manifests whose window is open or to come must be valid when they count. */
  #requireUsable({ release, manifests }: VerifiedRelease): void {
    const wall = this.#deps.clock.wall();
    release.manifests.forEach(({ from, until }, index) => {
      const manifest = manifests[index];
      if (manifest === undefined || (until !== null && wallTime(until) <= wall)) return;
      requireValidAt(manifest, Math.max(wall, wallTime(from)), `manifest ${manifest.manifest.id}`);
    });
  }
}

/** Agents get a release in one message; one that does not fit would never reach them. */
function requireSendable({ release, manifests }: ReleaseBundle): void {
  const bytes = [release, ...manifests].reduce((sum, { payload }) => sum + payload.length + ENVELOPE_OVERHEAD, 0);
  if (bytes <= MAX_MESSAGE_BYTES) return;
  throw new CodedError(
    'limit.exceeded',
    `the release and its manifests have ${String(bytes)} bytes; at most ${String(MAX_MESSAGE_BYTES)} reach an agent`,
  );
}
