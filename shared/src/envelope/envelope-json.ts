import * as z from 'zod/mini';
import { parseBoundedJson } from '../runtime/bounded-json.js';
import { CodedError } from '../runtime/coded-error.js';
import type { Envelope } from './envelope.js';

/** DSSE's JSON form, as it stands in files: base64 payload and signatures. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const base64 = z.string().check(z.regex(BASE64));

const schema = z.strictObject({
  payloadType: z.string().check(z.minLength(1), z.maxLength(200)),
  payload: base64,
  signatures: z
    .array(z.strictObject({ keyid: z.string().check(z.regex(/^[0-9a-f]{64}$/)), sig: base64 }))
    .check(z.minLength(1), z.maxLength(8)),
});

export const MAX_ENVELOPE_BYTES: number = 16 * 1024 * 1024;

export function envelopeToJson(envelope: Envelope): string {
  const json = {
    payloadType: envelope.payloadType,
    payload: envelope.payload.toString('base64'),
    signatures: envelope.signatures.map(({ keyid, sig }) => ({ keyid, sig: sig.toString('base64') })),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/**
 * @param what names the input in the error: a file's path, usually
 * @throws CodedError('envelope.malformed')
 */
export function envelopeFromJson(bytes: Uint8Array, what: string): Envelope {
  const value = parseBoundedJson(bytes, { what, maxBytes: MAX_ENVELOPE_BYTES, code: 'envelope.malformed' });
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => issue.path.join('.') || 'the document').join(', ');
    throw new CodedError('envelope.malformed', `${what} is not a DSSE envelope: look at ${places}`);
  }
  return {
    payloadType: parsed.data.payloadType,
    payload: Buffer.from(parsed.data.payload, 'base64'),
    signatures: parsed.data.signatures.map(({ keyid, sig }) => ({ keyid, sig: Buffer.from(sig, 'base64') })),
  };
}
