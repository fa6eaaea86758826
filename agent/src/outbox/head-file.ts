import { join } from 'node:path';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { digestSchema } from '@sealwatch/shared/measurement/field-schemas.js';
import { CodedError, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFile, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { type Head, MAX_SUBJECTS } from '@sealwatch/shared/statement/report.js';
import * as z from 'zod/mini';
import { headSchema } from '../state/head-schema.js';

/** The newest report that left the outbox, and the bodies of the state it described. */
export interface StoredHead {
  /** Null until the first report of this enrolment was acknowledged. */
  readonly head: Head | null;
  readonly bodies: readonly Digest[];
}

const schema: z.ZodMiniType<StoredHead> = z.strictObject({
  head: z.nullable(headSchema),
  bodies: z.array(digestSchema).check(z.maxLength(MAX_SUBJECTS)),
});

const NAME = 'head.json';

/**
 * Enrolling writes the first one, so that a missing file means a lost chain and never a new one.
 * @throws CodedError('chain.lost')
 */
export async function readHeadFile(directory: string): Promise<StoredHead> {
  const path = join(directory, NAME);
  try {
    return parsePayload(await readPrivateFile(path), {
      schema,
      what: path,
      maxBytes: 1024 * 1024,
      code: 'store.corrupt',
    });
  } catch (error) {
    throw chainLost(reasonOf(error), error);
  }
}

/** @throws CodedError('store.full' | 'store.unavailable') */
export async function writeHeadFile(directory: string, stored: StoredHead): Promise<void> {
  await writePrivateFile(join(directory, NAME), `${JSON.stringify(stored)}\n`);
}

/** Going on would sign a second history. */
export function chainLost(reason: string, cause?: unknown): CodedError {
  return new CodedError(
    'chain.lost',
    `this host's chain of reports is lost: ${reason}. Make a token with: sealwatch tokens create --host NAME --replace, ` +
      'then enrol again with: sealwatch-agent enroll --replace',
    { cause },
  );
}
