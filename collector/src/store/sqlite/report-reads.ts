import { type Digest, digestBytes, digestOf } from '@sealwatch/shared/hashing/digest.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { HostAspect } from '@sealwatch/shared/subject/subject.js';
import type { Database } from 'better-sqlite3';
import type { ReadOperations } from './operations.js';
import { unpackBytes } from './packed-bytes.js';
import { decodeEnvelope } from './stored-envelope.js';

type ReportReads = Pick<ReadOperations, 'head' | 'digestAt' | 'report' | 'bodies' | 'authorities' | 'highWater'>;

export function reportReads(db: Database): ReportReads {
  const head = db.prepare<[string], { epoch: number; sequence: number; digest: Buffer }>(
    'SELECT epoch, sequence, digest FROM host_states JOIN hosts ON hosts.id = host WHERE name = ?',
  );
  const report = db.prepare<[string, number, number], { digest: Buffer; envelope: Buffer; received_at: number }>(
    `SELECT digest, envelope, received_at FROM reports JOIN hosts ON hosts.id = host
     WHERE name = ? AND epoch = ? AND sequence = ?`,
  );
  const digestAt = db
    .prepare<[string, number, number], Buffer>(
      'SELECT digest FROM reports JOIN hosts ON hosts.id = host WHERE name = ? AND epoch = ? AND sequence = ?',
    )
    .pluck();
  const body = db.prepare<[Buffer], Buffer>('SELECT bytes FROM bodies WHERE digest = ?').pluck();
  const authorities = db.prepare<[string], { aspect: HostAspect; digest: Buffer; first_seen_at: number }>(
    `SELECT aspect, digest, first_seen_at FROM authorities JOIN hosts ON hosts.id = host
     WHERE name = ? ORDER BY first_seen_at, aspect, digest`,
  );
  const highWater = db.prepare<[], number>('SELECT at FROM high_water').pluck();
  return {
    head(host) {
      const row = head.get(host);
      return row && { epoch: row.epoch, sequence: row.sequence, digest: digestOf(row.digest) };
    },
    digestAt(host, epoch, sequence) {
      const digest = digestAt.get(host, epoch, sequence);
      return digest && digestOf(digest);
    },
    report(host, epoch, sequence) {
      const row = report.get(host, epoch, sequence);
      return row && { envelope: decodeEnvelope(row.envelope), receivedAt: timestamp(row.received_at) };
    },
    bodies(digests) {
      const found = new Map<Digest, Buffer>();
      for (const digest of digests) {
        const packed = body.get(digestBytes(digest));
        if (packed !== undefined) found.set(digest, unpackBytes(packed));
      }
      return found;
    },
    authorities: (host) =>
      authorities.all(host).map((row) => ({
        aspect: row.aspect,
        digest: digestOf(row.digest),
        firstSeenAt: timestamp(row.first_seen_at),
      })),
    highWater() {
      const at = highWater.get() ?? 0;
      return at === 0 ? undefined : timestamp(at);
    },
  };
}
