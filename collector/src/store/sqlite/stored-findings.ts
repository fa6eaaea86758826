import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import { packBytes, unpackBytes } from './packed-bytes.js';

/** What the collector itself found: `[code, subject, expected, observed]` each, packed; null for none. */
export function encodeFindings(findings: readonly Finding[]): Buffer | null {
  if (findings.length === 0) return null;
  const rows = findings.map(({ code, subject, expected, observed }) => [code, subject, expected, observed]);
  return packBytes(Buffer.from(JSON.stringify(rows), 'utf8'));
}

/** `CODE SUBJECT`, in the order they were recorded. */
export function findingLines(stored: Buffer | null): string[] {
  if (stored === null) return [];
  const rows = JSON.parse(unpackBytes(stored).toString('utf8')) as [string, string][];
  return rows.map(([code, subject]) => `${code} ${subject}`);
}
