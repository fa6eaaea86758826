import type { Digest } from '../hashing/digest.js';
import type { Timestamp } from '../runtime/timestamp.js';
import type { FileSubject, HostSubject } from '../subject/subject.js';

/**
 * What was seen for one subject (RFC 9334 §2: Evidence), no judgement in it. Deterministic: the same state gives the
 * same bytes, so a changed digest of these bytes is a change of the host.
 */
export type Measurement = FileMeasurement | HostMeasurement;

export interface FileMeasurement {
  readonly subject: FileSubject;
  readonly observed: FileObservation;
}

export type FileObservation =
  | {
      readonly state: 'present';
      /** Where the path led, as a path text below the host root. Equal to the subject's path unless a symlink was met. */
      readonly realPath: string;
      /** Bytes, decimal. */
      readonly size: string;
      readonly digest: Digest;
      /** Permission and set-id bits, octal: `0755`. */
      readonly mode: string;
      readonly uid: number;
      readonly gid: number;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'not-regular'; readonly fileType: FileType }
  | { readonly state: 'unreadable'; readonly reason: string };

export type FileType =
  'directory' | 'fifo' | 'socket' | 'block-device' | 'character-device' | 'symlink-loop' | 'unknown';

export interface HostMeasurement {
  readonly subject: HostSubject;
  readonly observed: FipsObservation | AuthorityObservation | Unseen;
}

export type Unseen = { readonly state: 'absent' } | { readonly state: 'unreadable'; readonly reason: string };

/** `/proc/sys/crypto/fips_enabled`, trimmed. */
export interface FipsObservation {
  readonly state: 'fips';
  readonly fipsEnabled: string;
}

/** A Kubernetes or etcd certificate authority on the host: its age tells whether a cluster ran here before. */
export interface AuthorityObservation {
  readonly state: 'authority';
  /** Of the certificate's DER. */
  readonly digest: Digest;
  readonly notBefore: Timestamp;
  /** Digest of the standard-mode inception under which this agent once saw the same authority, else null. */
  readonly seenUnderStandard: Digest | null;
}
