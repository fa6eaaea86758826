import type * as z from 'zod/mini';
import { CodedError } from '../../runtime/coded-error.js';
import { parseBoundedJson } from '../../runtime/bounded-json.js';
import { printable } from '../../runtime/printable.js';

/**
 * One JSON document of an image: bounded, and well-formed in every field that is used. Fields nobody here reads may be anything.
 * @throws CodedError('image.malformed') naming `what` and the first field that is wrong
 */
export function readDocument<T>(
  bytes: Uint8Array,
  schema: z.ZodMiniType<T>,
  { what, maxBytes }: { what: string; maxBytes: number },
): T {
  const value = parseBoundedJson(bytes, { what, maxBytes, code: 'image.malformed' });
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${printable(issue.path.join('.'))}`;
  throw new CodedError('image.malformed', `${what} is malformed${where}: ${printable(issue?.message ?? 'no reason')}`);
}
