import type { CertificateFacts } from './certificate-facts.js';
import type { ChainTrust } from './chain-trust.js';
import type { Preference } from './preference.js';
import type { ProtocolVersion } from './protocol-version.js';

/**
 * What a TLS service does, as seen from outside. Plain values in a fixed order, no times and no counts of ours: the same
 * service gives the same bytes.
 */
export type TlsObservation = ServedTls | NoTls;

/** Nothing could be learnt about TLS: nobody answers, or somebody who does not speak it. */
export interface NoTls {
  readonly state: 'unreachable' | 'timeout' | 'not-tls' | 'refused' | 'stopped';
  readonly reason: string;
}

export interface ServedTls {
  readonly state: 'served';
  /** Accepted ones, newest first. */
  readonly versions: readonly ServedVersion[];
  /** In the newest version. */
  readonly preferred: {
    readonly version: ProtocolVersion;
    readonly suite: string;
    readonly preference: Preference;
    readonly method: string;
  };
  /** For key exchange, in the server's order. `tls12`: of the newest accepted version up to TLS 1.2. */
  readonly groups: PerVersion;
  /** DHE up to TLS 1.2; null if there is none. */
  readonly dhPrimeBits: number | null;
  readonly signatureSchemes: PerVersion;
  /** RFC 7627, RFC 5746, RFC 3749; null if TLS 1.2 and older are not served. */
  readonly extendedMasterSecret: boolean | null;
  readonly secureRenegotiation: boolean | null;
  readonly compression: boolean | null;
  /** `not-visible`: TLS 1.3 asks under encryption. */
  readonly clientCertificate: 'requested' | 'not-requested' | 'not-visible';
  readonly alpn: string | null;
  /** One per kind of key the server has. */
  readonly certificates: readonly ServedCertificate[];
  /** What could not be learnt, and why: nothing here may pass for good. */
  readonly unanswered: readonly string[];
}

export interface ServedVersion {
  readonly version: ProtocolVersion;
  /** IANA names, in the server's order. */
  readonly suites: readonly string[];
  readonly preference: Preference;
}

export interface PerVersion {
  readonly tls12: readonly string[];
  readonly tls13: readonly string[];
}

export interface ServedCertificate extends CertificateFacts {
  /** Null if no name was asked for. */
  readonly matchesName: boolean | null;
  readonly trust: ChainTrust;
}
