import type { Ending } from './answer.js';

/** One connection: what is sent at once, and who takes what comes back. */
export interface Exchange {
  readonly send: Uint8Array;
  /** Given every piece that arrives; true ends the connection. */
  readonly onBytes: (piece: Uint8Array) => boolean;
  /** For the connection as a whole, from the first packet to the last. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens one connection to the endpoint it was made for, and says how it ended: because enough was read, or otherwise.
 * Never throws, never outlives its time limit.
 */
export type Dial = (exchange: Exchange) => Promise<Ending | { readonly kind: 'enough' }>;
