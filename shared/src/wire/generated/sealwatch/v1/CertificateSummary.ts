// Original file: proto/sealwatch/v1/query.proto


export interface CertificateSummaryInput {
  /**
   * signing or tls.
   */
  'purpose'?: (string);
  'serial'?: (string);
  'notBefore'?: (string);
  'notAfter'?: (string);
  'epoch'?: (number);
  /**
   * RFC 3339; empty if not revoked.
   */
  'revokedAt'?: (string);
}

export interface CertificateSummary {
  /**
   * signing or tls.
   */
  'purpose': (string);
  'serial': (string);
  'notBefore': (string);
  'notAfter': (string);
  'epoch': (number);
  /**
   * RFC 3339; empty if not revoked.
   */
  'revokedAt': (string);
}
