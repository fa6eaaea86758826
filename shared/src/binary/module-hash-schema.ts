import * as z from 'zod/mini';

/** Hex of a SHA-256 or SHA-512 value. */
export const moduleHashSchema: z.ZodMiniType<string> = z.string().check(z.regex(/^([0-9a-f]{64}|[0-9a-f]{128})$/));
