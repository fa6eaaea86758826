/** DSSE v1 "PAE": the exact bytes a signature covers. Lengths are byte lengths, never string lengths. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${String(type.length)} `, 'ascii'),
    type,
    Buffer.from(` ${String(payload.length)} `, 'ascii'),
    payload,
  ]);
}
