import { digestBytes, digestOf } from '@sealwatch/shared/hashing/digest.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Database } from 'better-sqlite3';
import type { ReleaseRecord } from '../release-store.js';
import type { ReadOperations } from './operations.js';
import { decodeEnvelope } from './stored-envelope.js';

type ReleaseReads = Pick<ReadOperations, 'inception' | 'manifest' | 'currentRelease' | 'release'>;

interface ReleaseRow {
  readonly version: number;
  readonly digest: Buffer;
  readonly published_at: number;
  readonly envelope: Buffer;
}

const COLUMNS = 'version, digest, published_at, envelope';

export function releaseReads(db: Database): ReleaseReads {
  const inception = db.prepare<[], { digest: Buffer; envelope: Buffer }>('SELECT digest, envelope FROM inception');
  const manifest = db.prepare<[Buffer], Buffer>('SELECT envelope FROM manifests WHERE digest = ?').pluck();
  const current = db.prepare<[], ReleaseRow>(`SELECT ${COLUMNS} FROM releases ORDER BY version DESC LIMIT 1`);
  const byDigest = db.prepare<[Buffer], ReleaseRow>(`SELECT ${COLUMNS} FROM releases WHERE digest = ?`);
  const manifestsOf = db
    .prepare<[number], Buffer>(
      `SELECT manifests.envelope FROM release_manifests JOIN manifests ON manifests.digest = release_manifests.manifest
       WHERE version = ? ORDER BY position`,
    )
    .pluck();
  const recordOf = (row: ReleaseRow | undefined): ReleaseRecord | undefined =>
    row && {
      version: row.version,
      digest: digestOf(row.digest),
      bundle: {
        release: decodeEnvelope(row.envelope),
        manifests: manifestsOf.all(row.version).map(decodeEnvelope),
      },
      publishedAt: timestamp(row.published_at),
    };
  return {
    inception() {
      const row = inception.get();
      return row && { digest: digestOf(row.digest), envelope: decodeEnvelope(row.envelope) };
    },
    manifest(digest) {
      const stored = manifest.get(digestBytes(digest));
      return stored && decodeEnvelope(stored);
    },
    currentRelease: () => recordOf(current.get()),
    release: (digest) => recordOf(byDigest.get(digestBytes(digest))),
  };
}
