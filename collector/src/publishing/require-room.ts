import { type Manifest, MAX_MANIFEST_BYTES } from '@sealwatch/shared/manifest/manifest.js';
import { manifestStatement } from '@sealwatch/shared/manifest/manifest-statement.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';

/** Of 512 bytes, base64. */
const SIGNATURE_CHARACTERS = 684;

/**
 * Hundreds of signatures take a while, by an HSM hours: that a manifest is too large shows before the first.
 * @param manifest not signed yet
 * @throws CodedError('limit.exceeded')
 */
export function requireRoom(manifest: Manifest): void {
  const signatures = manifest.components
    .map((component) => (component.kind === 'image' ? 1 + component.executables.length : 1))
    .reduce((sum, count) => sum + count, 0);
  const bytes = Buffer.byteLength(JSON.stringify(manifestStatement(manifest))) + signatures * SIGNATURE_CHARACTERS;
  if (bytes <= MAX_MANIFEST_BYTES) return;
  throw new CodedError(
    'limit.exceeded',
    `the manifest would have ${String(signatures)} signatures and ${String(bytes)} bytes, and hosts read at most ` +
      `${String(MAX_MANIFEST_BYTES)}; make several manifests of it`,
  );
}
