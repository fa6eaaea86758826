/** Produces signatures under one key; a file, an HSM or a KMS command alike. Implementations must not log or keep `bytes`. */
export interface Signer {
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
  readonly keyid: string;
  /** RSA keys: RSASSA-PKCS1-v1_5 with SHA-256. P-256 keys: ECDSA with SHA-256, DER. */
  sign(bytes: Uint8Array): Promise<Buffer>;
}
