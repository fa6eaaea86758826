import type { AttestRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/AttestRequest.js';

/** What a field or an element costs us besides its bytes, roughly: a million empty ones are no empty message. */
const ELEMENT_BYTES = 64;

/** About how many bytes an agent's message makes us handle. */
export function messageSize({ report, seal, bodies }: AttestRequest): number {
  const envelope = report?.envelope ?? seal?.envelope;
  const carried = report?.bodies ?? bodies?.bodies ?? [];
  return carried.reduce(
    (sum, { deflated }) => sum + ELEMENT_BYTES + deflated.length,
    ELEMENT_BYTES + (envelope?.payload.length ?? 0) + ELEMENT_BYTES * (envelope?.signatures.length ?? 0),
  );
}
