import { offlineContext } from '@sealwatch/shared/appraisal/offline-context.js';
import { imagesByName } from '@sealwatch/shared/manifest/components-of-kind.js';
import type { VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import type { Mode } from '@sealwatch/shared/trust/inception.js';
import type { ReferenceValues } from './reference-values.js';

export interface OfflineReference {
  readonly host: string;
  readonly manifest: VerifiedManifest;
  /** Components that must be there; null: every one the manifest lists. */
  readonly components: readonly string[] | null;
  readonly mode: Mode;
  readonly allowNonFipsHost: boolean;
}

/** What a host is verified against that knows a manifest and no cluster: its files and images, and its FIPS mode. */
export function offlineReference(input: OfflineReference): ReferenceValues {
  const { host, manifest, mode, allowNonFipsHost } = input;
  const components = input.components ?? manifest.manifest.components.map(({ name }) => name);
  return {
    host,
    cluster: { id: 'none', name: 'offline', mode, adopted: null },
    releaseDigest: null,
    ...offlineContext(manifest, {
      components,
      require: [
        'file',
        'process',
        'module',
        'host',
        ...(imagesByName([manifest]).size > 0 ? (['image'] as const) : []),
      ],
      mode,
      demonstration: allowNonFipsHost,
    }),
  };
}
