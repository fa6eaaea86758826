import type { Store } from '../store.js';

/** The store's methods as they run beside a connection: the same, but at once. */
type AtOnce<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : never;
};

export type WriteMethod =
  | 'addToken'
  | 'enroll'
  | 'renew'
  | 'recordCertificates'
  | 'revokeHost'
  | 'recordInception'
  | 'putManifest'
  | 'recordRelease'
  | 'recordReport'
  | 'recordSeal'
  | 'recordAlarm'
  | 'recordVerdictChange';

/** Asked of both connections. */
type Pulse = AtOnce<Pick<Store, 'pulse'>>;

export type WriteOperations = AtOnce<Pick<Store, WriteMethod>> & Pulse;
export type ReadOperations = AtOnce<Omit<Store, WriteMethod | 'pulse' | 'close'>> & Pulse;
