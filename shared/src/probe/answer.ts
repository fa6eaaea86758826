import type { ServerFlight } from './server-flight.js';

/** What came of one ClientHello. Everything a server can do is a value here. */
export type Answer =
  | { readonly kind: 'hello'; readonly flight: ServerFlight }
  | { readonly kind: 'alert'; readonly description: number }
  | { readonly kind: 'not-tls'; readonly reason: string }
  | { readonly kind: 'too-much' }
  | Ending;

/** The connection ended before there was an answer. */
export type Ending =
  | { readonly kind: 'closed' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | Stopped;

/** We stopped: told to, out of time, or out of connections. */
export interface Stopped {
  readonly kind: 'stopped';
  readonly reason: string;
}

/** How far an answer is read. */
export type ReadUntil = 'hello' | 'key-exchange' | 'done';
