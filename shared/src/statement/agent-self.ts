import * as z from 'zod/mini';
import type { Digest } from '../hashing/digest.js';
import { digestSchema } from '../measurement/field-schemas.js';

/** What an agent says of itself: what it runs, and how its cryptography behaves. */
export interface AgentSelf {
  /** Of the program's own file, a bundle or its first module; null if it can't be read. */
  readonly program: Digest | null;
  /** Of the executable this process was started from. */
  readonly runtime: Digest | null;
  /** `v20.20.2` */
  readonly node: string;
  /** `3.0.19` */
  readonly openssl: string;
  /** Whether algorithms that are not approved (MD5, ChaCha20-Poly1305) are refused when they are asked for. */
  readonly refusesUnapproved: boolean;
}

export const agentSelfSchema: z.ZodMiniType<AgentSelf> = z.strictObject({
  program: z.nullable(digestSchema),
  runtime: z.nullable(digestSchema),
  node: z.string().check(z.maxLength(64)),
  openssl: z.string().check(z.maxLength(64)),
  refusesUnapproved: z.boolean(),
});
