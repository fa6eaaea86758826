import * as z from 'zod/mini';
import { reasonSchema } from './field-schemas.js';

export interface Absent {
  readonly state: 'absent';
}

export interface Unreadable {
  readonly state: 'unreadable';
  readonly reason: string;
}

/** What is not there, and what could not be looked at: never the same thing. */
export type Unseen = Absent | Unreadable;

export const absentSchema: z.ZodMiniObject<{ state: z.ZodMiniLiteral<'absent'> }, z.core.$strict> = z.strictObject({
  state: z.literal('absent'),
});

export const unreadableSchema: z.ZodMiniObject<
  { state: z.ZodMiniLiteral<'unreadable'>; reason: z.ZodMiniType<string> },
  z.core.$strict
> = z.strictObject({ state: z.literal('unreadable'), reason: reasonSchema });
