import type { Verdict } from '@sealwatch/shared/appraisal/verdict.js';
import { digestOf } from '@sealwatch/shared/hashing/digest.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Report } from '@sealwatch/shared/statement/report.js';
import type { Database } from 'better-sqlite3';
import type { HistoryEntry } from '../report-store.js';
import type { HistoryLine } from './history-log.js';
import { openStoredReport } from './open-stored-report.js';
import { findingLines } from './stored-findings.js';

type StoredRow = Parameters<typeof openStoredReport>[1] & { readonly name: string };
type Details = Pick<HistoryEntry, 'verdict' | 'details' | 'digest' | 'signedAt'>;

/** What a line of history is about, looked up where it is kept. */
export function historyDetails(db: Database): (line: HistoryLine) => Details {
  const report = db.prepare<[number], { digest: Buffer; verdict: Verdict; findings: Buffer | null; signedAt: number }>(
    'SELECT digest, verdict, findings, signed_at AS signedAt FROM reports WHERE id = ?',
  );
  const signedAtOf = db
    .prepare<[number, number, number], number>(
      'SELECT signed_at FROM reports WHERE host = ? AND epoch = ? AND sequence = ?',
    )
    .pluck();
  const whole = db.prepare<[number], StoredRow>(
    `SELECT name, epoch, sequence, digest, envelope FROM reports JOIN hosts ON hosts.id = host WHERE reports.id = ?`,
  );
  const seal = db.prepare<[number, number, number, number], { digest: Buffer; since: number; until: number }>(
    'SELECT digest, since, until FROM seals WHERE host = ? AND epoch = ? AND sequence = ? AND day = ?',
  );
  const alarm = db.prepare<[number], { code: string; message: string }>(
    'SELECT code, message FROM alarms WHERE id = ?',
  );
  const revocation = db.prepare<[number, number], { revoked_by: string; revoked_reason: string }>(
    'SELECT revoked_by, revoked_reason FROM enrollments WHERE host = ? AND epoch = ?',
  );
  const change = db.prepare<[number], { verdict: Verdict; reasons: string }>(
    'SELECT verdict, reasons FROM verdict_changes WHERE id = ?',
  );
  return (line) => {
    const { kind, host, epoch, sequence, ref } = line;
    switch (kind) {
      case 'report': {
        const { digest, verdict, findings, signedAt } = present(report.get(ref), kind);
        return { ...plain(findingLines(findings), digest), verdict, signedAt: timestamp(signedAt) };
      }
      case 'seal': {
        const { digest, since, until } = present(seal.get(host, epoch, sequence, ref), kind);
        const held = `held from ${timestamp(since)} to ${timestamp(until)}`;
        return { ...plain([held], digest), signedAt: timestamp(until) };
      }
      case 'gap':
        return plain([
          ref > sequence
            ? `reports ${String(sequence)} to ${String(ref)} are missing`
            : `report ${String(sequence)} is missing`,
        ]);
      case 'unproven': {
        const until = present(signedAtOf.get(host, epoch, sequence), 'report');
        return plain([`nothing proves the time from ${timestamp(ref)} to ${timestamp(until)}`]);
      }
      case 'folded': {
        const row = present(whole.get(ref), 'report');
        return plain(foldedText(openStoredReport(row.name, row).folded));
      }
      case 'alarm': {
        const { code, message } = present(alarm.get(ref), kind);
        return plain([`${code} ${message}`]);
      }
      case 'enrollment':
        return plain([]);
      case 'revocation': {
        const { revoked_by, revoked_reason } = present(revocation.get(host, epoch), kind);
        return plain([`by ${revoked_by}: ${revoked_reason}`]);
      }
      case 'verdict': {
        const { verdict, reasons } = present(change.get(ref), kind);
        return { ...plain(JSON.parse(reasons) as string[]), verdict };
      }
    }
  };
}

function plain(details: readonly string[], digest?: Buffer): Details {
  return { verdict: null, details, digest: digest === undefined ? null : digestOf(digest), signedAt: null };
}

function foldedText(folded: Report['folded']): string[] {
  if (folded === null) return [];
  const { changes, since } = folded;
  return [`sums up ${changes === 1 ? '1 change' : `${String(changes)} changes`} since ${since}: the outbox was full`];
}

function present<T>(row: T | undefined, kind: string): T {
  if (row === undefined)
    throw new CodedError('store.corrupt', `a ${kind} named by the history is gone; run store verify`);
  return row;
}
