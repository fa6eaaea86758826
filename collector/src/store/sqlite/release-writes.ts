import { type Digest, digestBytes, sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { WriteOperations } from './operations.js';
import type { WriteTools } from './report-writes.js';
import { encodeEnvelope } from './stored-envelope.js';

type ReleaseWrites = Pick<WriteOperations, 'recordInception' | 'putManifest' | 'recordRelease'>;

export function releaseWrites({ db, raiseHighWater }: WriteTools): ReleaseWrites {
  const inception = db.prepare<[], Buffer>('SELECT digest FROM inception').pluck();
  const insertInception = db.prepare<[Buffer, number, Buffer]>(
    'INSERT INTO inception (id, digest, recorded_at, envelope) VALUES (1, ?, ?, ?)',
  );
  const insertManifest = db.prepare<[Buffer, number, Buffer]>(
    'INSERT INTO manifests (digest, stored_at, envelope) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING',
  );
  const known = db.prepare<[Buffer], number>('SELECT version FROM releases WHERE digest = ?').pluck();
  const highest = db.prepare<[], number | null>('SELECT max(version) FROM releases').pluck();
  const insertRelease = db.prepare<[number, Buffer, number, Buffer]>(
    'INSERT INTO releases (version, digest, published_at, envelope) VALUES (?, ?, ?, ?)',
  );
  const nameManifest = db.prepare<[number, number, Buffer]>(
    'INSERT INTO release_manifests (version, position, manifest) VALUES (?, ?, ?)',
  );
  const put = (digest: Digest, envelope: Envelope, at: number) =>
    insertManifest.run(digestBytes(digest), at, encodeEnvelope(envelope));
  return {
    recordInception({ digest, envelope, at }) {
      const there = inception.get();
      if (there?.equals(digestBytes(digest)) === true) return;
      if (there !== undefined) {
        throw new CodedError(
          'inception.mismatch',
          'this store belongs to another cluster: its inception record is a different one and can never change',
        );
      }
      insertInception.run(digestBytes(digest), wallTime(at), encodeEnvelope(envelope));
      raiseHighWater(at);
    },
    putManifest({ digest, envelope, at }) {
      put(digest, envelope, wallTime(at));
      raiseHighWater(at);
    },
    recordRelease({ version, digest, bundle, publishedAt }) {
      if (known.get(digestBytes(digest)) !== undefined) return;
      const top = highest.get() ?? 0;
      if (version <= top) {
        throw new CodedError(
          'release.rollback',
          `release ${String(version)} is not newer than release ${String(top)}, which was in force before`,
        );
      }
      const at = wallTime(publishedAt);
      insertRelease.run(version, digestBytes(digest), at, encodeEnvelope(bundle.release));
      bundle.manifests.forEach((manifest, position) => {
        const manifestDigest = sha256(manifest.payload);
        put(manifestDigest, manifest, at);
        nameManifest.run(version, position, digestBytes(manifestDigest));
      });
      raiseHighWater(publishedAt);
    },
  };
}
