import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { TokenRecord } from '../enrollment-store.js';

export interface TokenRow {
  readonly hash: string;
  readonly host: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly replace: number;
  readonly used_at: number | null;
}

export const TOKEN_COLUMNS = 'hash, host, created_at, expires_at, replace, used_at';

export function tokenOf(row: TokenRow): TokenRecord {
  return {
    hash: row.hash,
    host: row.host,
    createdAt: timestamp(row.created_at),
    expiresAt: timestamp(row.expires_at),
    replace: row.replace === 1,
    usedAt: row.used_at === null ? null : timestamp(row.used_at),
  };
}

/** @throws CodedError('token.invalid' | 'token.used' | 'token.expired') */
export function requireUsableToken(row: TokenRow | undefined, at: string): TokenRow {
  if (row === undefined) throw new CodedError('token.invalid', 'the collector knows no such enrolment token');
  if (row.used_at !== null) {
    throw new CodedError('token.used', `the enrolment token for ${row.host} was used at ${timestamp(row.used_at)}`);
  }
  if (wallTime(at) >= row.expires_at) {
    throw new CodedError(
      'token.expired',
      `the enrolment token for ${row.host} expired at ${timestamp(row.expires_at)}`,
    );
  }
  return row;
}
