import * as z from 'zod/mini';
import { type Unreadable, unreadableSchema } from './unseen.js';

/**
 * What a file gives whoever runs it (capabilities(7), "File capabilities"), as cap_to_text(3) writes it:
 * `cap_net_raw=ep`. Empty: nothing.
 */
export type FileCapabilities = string | Unreadable;

/** All capabilities there are, one by one, take half of it. */
export const MAX_CAPABILITIES_TEXT = 2000;

export const fileCapabilitiesSchema: z.ZodMiniType<FileCapabilities> = z.union([
  z.string().check(z.maxLength(MAX_CAPABILITIES_TEXT)),
  unreadableSchema,
]);
