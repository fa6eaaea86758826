import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import { readHeadFile } from './head-file.js';
import { parseStatement, parseStatementFileName } from './statement-file.js';

/** What lies in an outbox that a running agent may be changing: files that go meanwhile are passed over. */
export interface OutboxSurvey {
  readonly head: Head | null;
  readonly reports: number;
  readonly seals: number;
  readonly bytes: number;
  /** When the oldest statement was put there, wall clock, milliseconds; null if none waits. */
  readonly oldestAt: number | null;
}

/** @throws CodedError('chain.lost' | 'store.corrupt' | 'file.*') */
export async function surveyOutbox(directory: string): Promise<OutboxSurvey> {
  let { head } = await readHeadFile(directory);
  const counts = { report: 0, seal: 0 };
  let bytes = 0;
  let oldestAt: number | null = null;
  for (const name of (await readdir(directory)).sort()) {
    const named = parseStatementFileName(name);
    const file = await statOf(join(directory, name));
    if (named === undefined || file === undefined) continue;
    counts[named.kind] += 1;
    bytes += file.size;
    oldestAt = Math.min(oldestAt ?? Infinity, file.mtimeMs);
    if (named.kind === 'seal' || named.sequence <= (head?.sequence ?? 0)) continue;
    const path = join(directory, name);
    const { epoch, sequence, digest } = parseStatement(await readPrivateFile(path), named, path).ref;
    head = { epoch, sequence, digest };
  }
  for (const name of await readdir(join(directory, 'bodies')).catch(() => [])) {
    bytes += (await statOf(join(directory, 'bodies', name)))?.size ?? 0;
  }
  return { head, reports: counts.report, seals: counts.seal, bytes, oldestAt };
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
