/** Big-endian, as every number of TLS is (RFC 8446 §3.1). */
export function uint(bytes: 1 | 2 | 3, value: number): Buffer {
  const encoded = Buffer.alloc(bytes);
  encoded.writeUIntBE(value, 0, bytes);
  return encoded;
}

/** A variable-length vector: its length in bytes, then its content (RFC 8446 §3.4). */
export function vector(lengthBytes: 1 | 2 | 3, ...content: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(content);
  return Buffer.concat([uint(lengthBytes, bytes.length), bytes]);
}

/** A vector of 16-bit codes: suites, groups, signature schemes. */
export function codes(values: readonly number[]): Buffer {
  const encoded = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => encoded.writeUInt16BE(value, index * 2));
  return vector(2, encoded);
}
