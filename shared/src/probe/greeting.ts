import type { Digest } from '../hashing/digest.js';
import type { NoTls } from './tls-observation.js';

/** What one hello showed of a service. The same service gives the same value. */
export type Greeting = Answered | NoTls;

export interface Answered {
  readonly state: 'answered';
  readonly version: string;
  readonly suite: string;
  /** Null if the suite has none, or it can't be seen. */
  readonly group: string | null;
  /** Up to TLS 1.2; null in TLS 1.3, where it is encrypted. */
  readonly signatureScheme: string | null;
  /** Of the server's own certificate (DER), as in `CertificateFacts`; null if none was shown. */
  readonly certificateFingerprint: Digest | null;
  readonly clientCertificate: 'requested' | 'not-requested' | 'not-visible';
  /** Up to TLS 1.2: whether it says that it serves a newer version than this one; null in TLS 1.3. */
  readonly servesNewer: boolean | null;
}

/**
 * Whether nothing has changed between two greetings in the same manner. An interrupted one is like no other. It says
 * nothing about good or bad: a port that is still closed is the same, too.
 */
export function sameGreeting(before: Greeting, now: Greeting): boolean {
  if (before.state === 'stopped' || before.state !== now.state) return false;
  // both are flat, and have the same keys in the same order
  return JSON.stringify(before) === JSON.stringify(now);
}
