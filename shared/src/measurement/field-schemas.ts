import * as z from 'zod/mini';
import { type Digest, isDigest } from '../hashing/digest.js';
import { isTimestamp, type Timestamp } from '../runtime/timestamp.js';
import { COMPONENT_NAME } from '../subject/component.js';
import { isAbsolutePathText } from '../subject/path-text.js';

/** Shapes shared by every signed document. Strict: an unknown field is refused, never skipped. */
export const digestSchema: z.ZodMiniType<Digest> = z.custom<Digest>((v) => typeof v === 'string' && isDigest(v));
export const timestampSchema: z.ZodMiniType<Timestamp> = z.string().check(z.refine(isTimestamp));
export const componentNameSchema: z.ZodMiniType<string> = z.string().check(z.regex(COMPONENT_NAME));
export const pathTextSchema: z.ZodMiniType<string> = z.string().check(z.refine(isAbsolutePathText));
export const countSchema: z.ZodMiniType<number> = z.int().check(z.nonnegative());
/** Bytes, decimal: a file may be larger than a double is exact. */
export const sizeSchema: z.ZodMiniType<string> = z.string().check(z.regex(/^(0|[1-9]\d{0,18})$/));
/** Why something was not seen, in a few words. */
export const reasonSchema: z.ZodMiniType<string> = z.string().check(z.maxLength(500));
