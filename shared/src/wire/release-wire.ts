import { MAX_MANIFEST_BYTES } from '../manifest/manifest.js';
import { CodedError } from '../runtime/coded-error.js';
import { MAX_RELEASE_BYTES, type ReleaseBundle } from '../trust/open-release.js';
import { fromEnvelope, toEnvelope } from './envelope-wire.js';
import type { Envelope as WireEnvelope } from './generated/sealwatch/v1/Envelope.js';
import type { UpdateInput } from './generated/sealwatch/v1/Update.js';
import { MAX_MANIFESTS } from './wire-limits.js';

/**
 * A release with its manifests, as Update, PublishReleaseRequest and GetReleaseResponse carry them.
 * @throws CodedError('envelope.malformed' | 'statement.too-large' | 'limit.exceeded')
 */
export function toReleaseBundle(wire: { release: WireEnvelope | null; manifests: WireEnvelope[] }): ReleaseBundle {
  const { release, manifests } = wire;
  if (manifests.length > MAX_MANIFESTS) {
    throw new CodedError(
      'limit.exceeded',
      `a release comes with ${String(manifests.length)} manifests; at most ${String(MAX_MANIFESTS)} are read`,
    );
  }
  return {
    release: toEnvelope(release, { what: 'the release', maxPayloadBytes: MAX_RELEASE_BYTES }),
    manifests: manifests.map((manifest, i) =>
      toEnvelope(manifest, { what: `manifests[${String(i)}]`, maxPayloadBytes: MAX_MANIFEST_BYTES }),
    ),
  };
}

export function fromReleaseBundle({ release, manifests }: ReleaseBundle): UpdateInput {
  return { release: fromEnvelope(release), manifests: manifests.map(fromEnvelope) };
}
