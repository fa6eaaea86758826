import { timestampSchema } from '@sealwatch/shared/measurement/field-schemas.js';
import { readPrivateFileIfThere, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { HOST_NAME } from '@sealwatch/shared/subject/component.js';
import * as z from 'zod/mini';
import type { TokenRecord } from '../store/enrollment-store.js';

/** A token that provisioning put into a bundle: its hash, never itself. */
export type IssuedToken = Omit<TokenRecord, 'usedAt'>;

/** `tokens.json`, for the collector to take over when it starts. */
const schema: z.ZodMiniType<IssuedToken[]> = z.array(
  z.strictObject({
    hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    host: z.string().check(z.regex(HOST_NAME)),
    createdAt: timestampSchema,
    expiresAt: timestampSchema,
    replace: z.boolean(),
  }),
);

/** Empty if there is no file. @throws CodedError('config.invalid' | 'file.*') */
export async function readIssuedTokens(file: string): Promise<IssuedToken[]> {
  const bytes = await readPrivateFileIfThere(file);
  if (bytes === undefined) return [];
  return parsePayload(bytes, {
    schema,
    what: file,
    maxBytes: 16 * 1024 * 1024,
    code: 'config.invalid',
  });
}

/** Adds some; those there stay. */
export async function recordIssuedTokens(file: string, tokens: readonly IssuedToken[]): Promise<void> {
  const entries = [...(await readIssuedTokens(file)), ...tokens];
  await writePrivateFile(file, `${JSON.stringify(entries, null, 2)}\n`);
}
