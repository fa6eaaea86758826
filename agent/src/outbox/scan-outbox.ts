import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { ensurePrivateDirectory, readPrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import { BodyFiles } from './body-files.js';
import { chainLost, readHeadFile, type StoredHead } from './head-file.js';
import type { StatementRef } from './outbox.js';
import { type Rejection, setAside } from './rejected-files.js';
import { parseStatement, parseStatementFileName, statementFileName } from './statement-file.js';

/** Where an outbox lives and what it needs to look after itself. */
export interface OutboxRooms {
  readonly outbox: string;
  readonly rejected: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** One statement's file. */
export interface OutboxEntry {
  readonly ref: StatementRef;
  readonly size: number;
  /** How it leaves, once that is decided; the newest report stays on disk until the head file could be written. */
  leaving?: 'settled' | Rejection;
}

type Named = Pick<StatementRef, 'kind' | 'sequence'>;

interface FoundOutbox {
  readonly entries: ReadonlyMap<string, OutboxEntry>;
  readonly stored: StoredHead;
  readonly head: Head | null;
  readonly bodies: BodyFiles;
}

/**
 * What a start finds on disk. Half-written files have names with a dot and go. A statement that can't be read is set
 * aside; but if the newest report is it, nobody can say any more what the next one must continue.
 * @throws CodedError('chain.lost' | 'store.unavailable' | 'file.too-permissive')
 */
export async function scanOutbox(deps: OutboxRooms): Promise<FoundOutbox> {
  const { outbox: directory } = deps;
  await ensurePrivateDirectory(directory);
  const stored = await readHeadFile(directory);
  const bodies = new BodyFiles(join(directory, 'bodies'));
  await bodies.open();
  bodies.hold(stored.bodies);
  const names = (await readdir(directory)).sort();
  for (const torn of names.filter((name) => name.startsWith('.'))) await unlink(join(directory, torn));
  const entries = new Map<string, OutboxEntry>();
  let head = stored.head;
  const damaged: { named: Named; error: CodedError }[] = [];
  for (const name of names) {
    const named = parseStatementFileName(name);
    if (named === undefined) continue;
    const path = join(directory, name);
    try {
      const bytes = await readPrivateFile(path);
      const statement = parseStatement(bytes, named, path);
      entries.set(name, { ref: statement.ref, size: bytes.length });
      bodies.hold(statement.bodies);
      if (named.kind === 'report' && named.sequence > (head?.sequence ?? 0)) head = headOf(statement.ref);
    } catch (error) {
      if (!(error instanceof CodedError) || error.code === 'file.too-permissive') throw error;
      damaged.push({ named, error });
    }
  }
  for (const { named, error } of damaged) {
    if (named.kind === 'report' && named.sequence > (head?.sequence ?? 0)) throw chainLost(reasonOf(error), error);
  }
  for (const { named, error } of damaged) await setDamagedAside(deps, named, error);
  await bodies.sweep();
  return { entries, stored, head, bodies };
}

const NO_DIGEST: Digest = `sha256:${'0'.repeat(64)}`;

async function setDamagedAside(
  { outbox, rejected, clock, log }: OutboxRooms,
  named: Named,
  error: CodedError,
): Promise<void> {
  log.error({ code: error.code, sequence: named.sequence, err: error }, 'A statement in the outbox was damaged');
  const at = timestamp(clock.wall());
  const rejection = { ...named, epoch: 0, digest: NO_DIGEST, code: 'store.corrupt', message: reasonOf(error), at };
  await setAside(join(outbox, statementFileName(named)), rejected, rejection);
}

function headOf({ epoch, sequence, digest }: StatementRef): Head {
  return { epoch, sequence, digest };
}
