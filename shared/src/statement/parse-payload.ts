import type * as z from 'zod/mini';
import { parseBoundedJson } from '../runtime/bounded-json.js';
import { CodedError } from '../runtime/coded-error.js';
import type { ErrorCode } from '../runtime/error-codes.js';

/**
 * Looks into a payload whose signature already held. Every wrong field is named.
 * @throws CodedError(code)
 */
export function parsePayload<T>(
  payload: Uint8Array,
  shape: { schema: z.ZodMiniType<T>; what: string; maxBytes: number; code: ErrorCode },
): T {
  const { schema, what, maxBytes, code } = shape;
  const parsed = schema.safeParse(parseBoundedJson(payload, { what, maxBytes, code }));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues
    .slice(0, 10)
    .map((issue) => `${issue.path.join('.') || 'document'} (${issue.message})`);
  throw new CodedError(code, `${what} has an unknown shape: ${places.join('; ')}`);
}
