// Original file: proto/sealwatch/v1/envelope.proto

import type { SignatureInput as _sealwatch_v1_SignatureInput, Signature as _sealwatch_v1_Signature } from '../../sealwatch/v1/Signature.js';

/**
 * DSSE v1. What is signed travels as bytes, so nothing signed is ever re-encoded.
 */
export interface EnvelopeInput {
  'payloadType'?: (string);
  'payload'?: (Buffer | Uint8Array | string);
  'signatures'?: (_sealwatch_v1_SignatureInput)[];
}

/**
 * DSSE v1. What is signed travels as bytes, so nothing signed is ever re-encoded.
 */
export interface Envelope {
  'payloadType': (string);
  'payload': (Buffer);
  'signatures': (_sealwatch_v1_Signature)[];
}
