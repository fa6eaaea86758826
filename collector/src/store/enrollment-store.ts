import type { Head } from '@sealwatch/shared/statement/report.js';
import type { Timestamp } from '@sealwatch/shared/runtime/timestamp.js';

export interface TokenRecord {
  /** SHA-256 of the token text, hex. The token itself is never stored. */
  readonly hash: string;
  readonly host: string;
  readonly createdAt: Timestamp;
  readonly expiresAt: Timestamp;
  /** May replace an enrolment that exists. */
  readonly replace: boolean;
  readonly usedAt: Timestamp | null;
}

export type CertificatePurpose = 'host-signing' | 'host-tls' | 'collector-tls' | 'operator-tls';

/** Every certificate the issuing CA made is recorded, and kept for audit. */
export interface CertificateRecord {
  /** Lower-case hex. */
  readonly serial: string;
  readonly purpose: CertificatePurpose;
  /** Host, collector or operator name. */
  readonly name: string;
  /** Enrolment count of a host; 0 for others. */
  readonly epoch: number;
  /** Of the certified public key. */
  readonly keyid: string;
  readonly notBefore: Timestamp;
  readonly notAfter: Timestamp;
  readonly revokedAt: Timestamp | null;
  readonly der: Buffer;
}

export type NewCertificate = Omit<CertificateRecord, 'revokedAt' | 'epoch'>;

export interface EnrolledHost {
  readonly name: string;
  /** The newest enrolment's count. */
  readonly epoch: number;
  readonly enrolledAt: Timestamp;
  /** Set when the newest enrolment was revoked. */
  readonly revokedAt: Timestamp | null;
}

/** Each method is one transaction. */
export interface EnrollmentStore {
  /** Does nothing if the hash is known. */
  addToken(token: Omit<TokenRecord, 'usedAt'>): Promise<void>;
  token(hash: string): Promise<TokenRecord | undefined>;
  /**
   * Uses the token, ends the host's older certificates, opens the next epoch and records the new certificates: all or nothing.
   * @throws CodedError('token.invalid' | 'token.used' | 'token.expired' | 'host.already-enrolled')
   */
  enroll(enrollment: {
    tokenHash: string;
    at: Timestamp;
    certificates: readonly NewCertificate[];
  }): Promise<{ host: string; epoch: number; previousHead: Head | null }>;
  /** A renewal: same host, same epoch. `nonce` is good once. @throws CodedError('host.revoked' | 'token.used' | 'host.unknown') */
  renew(renewal: {
    host: string;
    epoch: number;
    nonce: string;
    at: Timestamp;
    certificates: readonly NewCertificate[];
  }): Promise<void>;
  /** Certificates of the collector and of operators, which no enrolment makes. Known serials are left alone. */
  recordCertificates(certificates: readonly NewCertificate[]): Promise<void>;
  certificateByKeyid(keyid: string): Promise<CertificateRecord | undefined>;
  certificatesOf(purposes: readonly CertificatePurpose[], name: string): Promise<CertificateRecord[]>;
  /** Ends every certificate of the host that is not ended yet. Returns how many. @throws CodedError('host.unknown') */
  revokeHost(revocation: { host: string; at: Timestamp; reason: string; by: string }): Promise<number>;
  hosts(): Promise<EnrolledHost[]>;
}
