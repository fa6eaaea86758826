import { CodedError } from '../runtime/coded-error.js';

/** RFC 7468 §5: one certificate, 64 columns. */
export function certificatePem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const BLOCK = /-----BEGIN CERTIFICATE-----\s([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/**
 * Every certificate of a PEM text, in order; text between the blocks is allowed (RFC 7468 §2).
 * @param what names the input in the error
 * @throws CodedError('certificate.malformed') if there is none, or one is damaged
 */
export function certificatesFromPem(text: string, what: string): Buffer[] {
  const found = [...text.matchAll(BLOCK)].map((match) => Buffer.from(match[1] ?? '', 'base64'));
  const begun = text.split('-----BEGIN CERTIFICATE-----').length - 1;
  if (found.length === 0 || found.length !== begun) {
    const problem = begun === 0 ? 'holds no certificate in PEM form' : 'holds a damaged PEM block';
    throw new CodedError('certificate.malformed', `${what} ${problem}`);
  }
  return found;
}
