import { sha256, digestOf } from '@sealwatch/shared/hashing/digest.js';
import { reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import type { Database } from 'better-sqlite3';
import { openReadingConnection } from './open-connections.js';
import { unpackBytes } from './packed-bytes.js';
import { damageOf } from './refuse-damage.js';
import { storeError } from './sqlite-error.js';
import { decodeEnvelope } from './stored-envelope.js';
import { chainProblems } from './verify-chains.js';
import { standingProblems } from './verify-standing.js';

export interface StoreVerification {
  readonly reports: number;
  readonly seals: number;
  readonly bodies: number;
  /** What is wrong, a line each; at most `MAX_PROBLEMS`. Empty is the only success. */
  readonly problems: readonly string[];
}

/** A ruined store has one per row: the first hundred tell as much. */
const MAX_PROBLEMS = 100;

/**
 * Reads everything: SQLite's own check, every stored digest against its bytes, every chain link by link. It needs no
 * key and proves no signature; it shows that the store still holds what was put in. Runs beside a collector.
 * @throws CodedError('store.unavailable' | 'store.corrupt') if the file can't be read at all
 */
export function verifyStore(file: string): StoreVerification {
  const db = openReadingConnection(file);
  try {
    // one snapshot for all of it
    db.exec('BEGIN');
    const problems: string[] = [];
    for (const problem of problemsOf(db)) {
      problems.push(problem);
      if (problems.length === MAX_PROBLEMS) break;
    }
    return { reports: count(db, 'reports'), seals: count(db, 'seals'), bodies: count(db, 'bodies'), problems };
  } catch (error) {
    throw storeError(error, file);
  } finally {
    db.close();
  }
}

function* problemsOf(db: Database): Iterable<string> {
  yield* damageOf(db, 'integrity_check');
  const dangling = db.pragma('foreign_key_check') as { table: string }[];
  for (const { table } of dangling) yield `a row of ${table} names a row that is not there`;
  yield* chainProblems(db);
  yield* standingProblems(db);
  for (const [what, sql] of DOCUMENTS) yield* digestProblems(db, what, sql, (blob) => decodeEnvelope(blob).payload);
  yield* digestProblems(db, 'measurement body', 'SELECT digest, bytes AS content FROM bodies', unpackBytes);
}

const DOCUMENTS = [
  ['inception record', 'SELECT digest, envelope AS content FROM inception'],
  ['release', 'SELECT digest, envelope AS content FROM releases'],
  ['manifest', 'SELECT digest, envelope AS content FROM manifests'],
  ['seal', 'SELECT digest, envelope AS content FROM seals'],
] as const;

function* digestProblems(
  db: Database,
  what: string,
  sql: string,
  bytesOf: (content: Buffer) => Buffer,
): Iterable<string> {
  for (const { digest, content } of db.prepare<[], { digest: Buffer; content: Buffer }>(sql).iterate()) {
    const name = `${what} ${digestOf(digest)}`;
    try {
      if (sha256(bytesOf(content)) !== digestOf(digest)) yield `${name}: its bytes have another digest`;
    } catch (error) {
      yield `${name}: ${reasonOf(error)}`;
    }
  }
}

function count(db: Database, table: 'reports' | 'seals' | 'bodies'): number {
  return db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
}
