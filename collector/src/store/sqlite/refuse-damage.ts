import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Database } from 'better-sqlite3';
import { corruptionText } from './sqlite-error.js';

/** Up to this size the whole file is read at start; a bigger one would keep the collector down for too long. */
const WHOLE_CHECK_BYTES = 256 * 1024 * 1024;

/** What every decision hangs on, and what stays small for years. */
const VITAL_TABLES = ['high_water', 'hosts', 'host_states', 'enrollments', 'certificates', 'inception', 'releases'];

/**
 * Damage is found at start rather than in the middle of a night. `store verify` looks at everything, however big.
 * @throws CodedError('store.corrupt')
 */
export function refuseDamage(db: Database, file: string): void {
  const pages = db.pragma('page_count', { simple: true }) as number;
  const pageBytes = db.pragma('page_size', { simple: true }) as number;
  if (pages * pageBytes <= WHOLE_CHECK_BYTES) {
    refuse(damageOf(db, 'quick_check'), file);
    return;
  }
  for (const table of VITAL_TABLES) refuse(damageOf(db, 'quick_check', table), file);
}

/** The first few lines of what SQLite finds wrong; empty if nothing is. */
export function damageOf(db: Database, check: 'quick_check' | 'integrity_check', table?: string): string[] {
  const argument = table ?? '10';
  const rows = db.pragma(`${check}(${argument})`) as Record<string, string>[];
  return rows.flatMap((row) => Object.values(row)).filter((line) => line !== 'ok');
}

function refuse(damage: readonly string[], file: string): void {
  const [first] = damage;
  if (first !== undefined) throw new CodedError('store.corrupt', corruptionText(file, first));
}
