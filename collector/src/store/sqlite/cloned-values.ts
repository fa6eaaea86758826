/**
 * What passes between threads is cloned. Two things need help: a Buffer that is a slice would take the whole memory
 * it was cut from along (a gRPC frame, say), and a Buffer arrives as a bare Uint8Array.
 */
export function beforeCloning(value: unknown): unknown {
  return mapBytes(value, (bytes) => (bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)));
}

export function afterCloning(value: unknown): unknown {
  return mapBytes(value, (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function mapBytes(value: unknown, change: (bytes: Uint8Array) => Uint8Array): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return change(value);
  if (Array.isArray(value)) return value.map((item) => mapBytes(item, change));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, mapBytes(item, change)]));
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) copy[key] = mapBytes(item, change);
  return copy;
}
