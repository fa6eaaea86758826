import * as z from 'zod/mini';
import { absentSchema, unreadableSchema, type Unseen } from '../measurement/unseen.js';

/** One thing a host says about itself, or why it says nothing. */
export type Fact<T> = { readonly state: 'value'; readonly value: T } | Unseen;

export function value<T>(of: T): Fact<T> {
  return { state: 'value', value: of };
}

/** The value, or undefined where there is none. */
export function valueOf<T>(fact: Fact<T>): T | undefined {
  return fact.state === 'value' ? fact.value : undefined;
}

export function factSchema<T>(of: z.ZodMiniType<T>): z.ZodMiniType<Fact<T>> {
  return z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('value'), value: of }),
    absentSchema,
    unreadableSchema,
  ]);
}
