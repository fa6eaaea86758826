import { type Manifest, MANIFEST_PREDICATE, type ManifestStatement, STATEMENT_TYPE } from './manifest.js';

/** in-toto Statement v1: the manifest, and its digests once more as subjects. */
export function manifestStatement(manifest: Manifest): ManifestStatement {
  return {
    _type: STATEMENT_TYPE,
    subject: manifest.components.map(({ name, digest }) => ({ name, digest: { sha256: digest.slice(7) } })),
    predicateType: MANIFEST_PREDICATE,
    predicate: manifest,
  };
}
