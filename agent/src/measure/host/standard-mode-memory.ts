import { join } from 'node:path';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { digestSchema } from '@sealwatch/shared/measurement/field-schemas.js';
import { readPrivateFileIfThere, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import type { Mode } from '@sealwatch/shared/trust/inception.js';
import * as z from 'zod/mini';

/**
 * Remembers which authorities this agent saw while it served a standard-mode inception. Standard bootstrapping taints a
 * cluster for ever (the seed's note), so the memory outlives enrolments: it stands beside them, not in them.
 */
export interface StandardModeMemory {
  /**
   * Digest of the standard-mode inception under which this authority was first seen, else null. Serving a standard-mode
   * inception now, this is when it is seen: it is on disk before this resolves.
   */
  witness(authority: Digest): Promise<Digest | null>;
}

const FILE = 'standard-mode-authorities.json';
const MAX_BYTES = 1024 * 1024;

interface Memory {
  readonly schema: 'sealwatch/standard-mode-authorities/v1';
  readonly seen: readonly { readonly authority: Digest; readonly inception: Digest }[];
}

const schema: z.ZodMiniType<Memory> = z.strictObject({
  schema: z.literal('sealwatch/standard-mode-authorities/v1'),
  seen: z.array(z.strictObject({ authority: digestSchema, inception: digestSchema })),
});

/** For a host that keeps no state: nothing was ever seen. */
export const NO_STANDARD_MODE_MEMORY: StandardModeMemory = { witness: () => Promise.resolve(null) };

/**
 * @param stateDir the agent's; the memory stands beside its enrolments, not in one of them
 * @param inception the one this host serves now; null only reads
 * @throws CodedError('store.corrupt' | 'file.*'): a memory that can't be read must not look like an empty one
 */
export async function openStandardModeMemory(
  stateDir: string,
  inception: { readonly digest: Digest; readonly mode: Mode } | null,
): Promise<StandardModeMemory> {
  const path = join(stateDir, FILE);
  let seen = await readSeen(path);
  return {
    async witness(authority) {
      const known = seen.find((entry) => entry.authority === authority);
      if (known !== undefined) return known.inception;
      if (inception?.mode !== 'standard') return null;
      const next = [...seen, { authority, inception: inception.digest }];
      const document: Memory = { schema: 'sealwatch/standard-mode-authorities/v1', seen: next };
      await writePrivateFile(path, `${JSON.stringify(document, null, 2)}\n`);
      seen = next;
      return inception.digest;
    },
  };
}

async function readSeen(path: string): Promise<Memory['seen']> {
  const bytes = await readPrivateFileIfThere(path);
  if (bytes === undefined) return [];
  return parsePayload(bytes, { schema, what: path, maxBytes: MAX_BYTES, code: 'store.corrupt' }).seen;
}
