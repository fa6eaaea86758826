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

/** Changes nothing of the value itself, and copies only what leads to bytes that change. */
function mapBytes(value: unknown, change: (bytes: Uint8Array) => Uint8Array): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return change(value);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, mapBytes(item, change)]));
  if (Array.isArray(value)) return mapItems(value, change);
  let copy: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(value)) {
    const mapped = mapBytes(item, change);
    if (mapped !== item) (copy ??= { ...value })[key] = mapped;
  }
  return copy ?? value;
}

function mapItems(items: readonly unknown[], change: (bytes: Uint8Array) => Uint8Array): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (const [index, item] of items.entries()) {
    const mapped = mapBytes(item, change);
    if (mapped !== item) (copy ??= [...items])[index] = mapped;
  }
  return copy ?? items;
}
