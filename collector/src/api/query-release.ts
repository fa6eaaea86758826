import { MAX_MANIFEST_BYTES } from '@sealwatch/shared/manifest/manifest.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { toEnvelope } from '@sealwatch/shared/wire/envelope-wire.js';
import type { PublishReleaseRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/PublishReleaseRequest.js';
import type { PublishReleaseResponseInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/PublishReleaseResponse.js';
import type { QueryServiceHandlers } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import type { UploadManifestRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/UploadManifestRequest.js';
import type { UploadManifestResponseInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/UploadManifestResponse.js';
import { toReleaseBundle } from '@sealwatch/shared/wire/release-wire.js';
import type { ReleaseService } from '../compliance/release-service.js';
import type { QueryGate } from './query-call.js';

/** UploadManifest, PublishRelease. The caller's role opens the door; only the cluster key's signature makes a release. */
export function releaseHandlers(deps: {
  gate: QueryGate;
  releases: ReleaseService;
  log: Logger;
}): Pick<QueryServiceHandlers, 'UploadManifest' | 'PublishRelease'> {
  const { gate, releases, log } = deps;
  return {
    UploadManifest: gate.unary(
      'UploadManifest',
      async ({ manifest }: UploadManifestRequest): Promise<UploadManifestResponseInput> => {
        const envelope = toEnvelope(manifest, { what: 'the manifest', maxPayloadBytes: MAX_MANIFEST_BYTES });
        return { digest: await releases.uploadManifest(envelope) };
      },
    ),
    PublishRelease: gate.unary(
      'PublishRelease',
      async (request: PublishReleaseRequest, operator): Promise<PublishReleaseResponseInput> => {
        const { digest, release } = await releases.publish(toReleaseBundle(request));
        log.info({ operator: operator.name, version: release.version, digest }, 'release published');
        return { version: release.version, digest };
      },
    ),
  };
}
