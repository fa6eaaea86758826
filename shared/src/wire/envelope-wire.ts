import { type Envelope, type EnvelopeSignature } from '../envelope/envelope.js';
import { CodedError } from '../runtime/coded-error.js';
import { Problems } from '../runtime/problems.js';
import type { Envelope as WireEnvelope, EnvelopeInput } from './generated/sealwatch/v1/Envelope.js';
import { MAX_SIGNATURES } from './wire-limits.js';

const KEYID = /^[0-9a-f]{64}$/;
/** An RSA-4096 signature has 512 bytes, nothing we verify has more. */
const MAX_SIGNATURE_BYTES = 1024;

/**
 * An envelope from outside, narrowed: shape only, nothing is verified yet.
 * @param limits `what` names it in errors; `maxPayloadBytes` is what its kind allows
 * @throws CodedError('envelope.malformed') naming every wrong field; CodedError('statement.too-large')
 */
export function toEnvelope(
  wire: WireEnvelope | null | undefined,
  limits: { what: string; maxPayloadBytes: number },
): Envelope {
  const { what, maxPayloadBytes } = limits;
  if (wire === null || wire === undefined) throw new CodedError('envelope.malformed', `${what} is missing`);
  if (wire.payload.length > maxPayloadBytes) {
    throw new CodedError(
      'statement.too-large',
      `${what} has a payload of ${String(wire.payload.length)} bytes; at most ${String(maxPayloadBytes)} are read`,
    );
  }
  const problems = new Problems();
  if (wire.payloadType.length === 0 || wire.payloadType.length > 200) {
    problems.add('payloadType', 'must have 1 to 200 characters');
  }
  if (wire.payload.length === 0) problems.add('payload', 'is empty');
  if (wire.signatures.length === 0 || wire.signatures.length > MAX_SIGNATURES) {
    problems.add('signatures', `must be 1 to ${String(MAX_SIGNATURES)}, not ${String(wire.signatures.length)}`);
  }
  const signatures = wire.signatures.slice(0, MAX_SIGNATURES).map(({ keyid, sig }, i): EnvelopeSignature => {
    const path = `signatures[${String(i)}]`;
    if (!KEYID.test(keyid)) problems.add(`${path}.keyid`, 'must be 64 lower-case hex digits');
    if (sig.length === 0 || sig.length > MAX_SIGNATURE_BYTES) {
      problems.add(`${path}.sig`, `must have 1 to ${String(MAX_SIGNATURE_BYTES)} bytes`);
    }
    return { keyid, sig };
  });
  problems.throwIfAny('envelope.malformed', what);
  return { payloadType: wire.payloadType, payload: wire.payload, signatures };
}

export function fromEnvelope({ payloadType, payload, signatures }: Envelope): EnvelopeInput {
  return { payloadType, payload, signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })) };
}
