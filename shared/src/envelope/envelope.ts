/** DSSE v1 (secure-systems-lab/dsse, envelope.md): the one signed shape for everything Sealwatch signs. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Buffer;
  readonly signatures: readonly EnvelopeSignature[];
}

export interface EnvelopeSignature {
  /** SHA-256 of the key's SubjectPublicKeyInfo, lower-case hex. */
  readonly keyid: string;
  readonly sig: Buffer;
}

/** What a payload is. in-toto Statements have the type in-toto gave them; the rest is plain DSSE. */
export const PAYLOAD_TYPES = {
  statement: 'application/vnd.in-toto+json',
  inception: 'application/vnd.sealwatch.inception.v1+json',
  release: 'application/vnd.sealwatch.release.v1+json',
  report: 'application/vnd.sealwatch.report.v1+json',
  seal: 'application/vnd.sealwatch.seal.v1+json',
  renewal: 'application/vnd.sealwatch.renewal.v1+json',
} as const;

export type PayloadType = (typeof PAYLOAD_TYPES)[keyof typeof PAYLOAD_TYPES];
