const BACKSLASH = 0x5c;

/**
 * Undoes what the kernel does to names in its tables: `\` and three octal digits for a byte that would break the line
 * (fs/d_path.c, mangle_path). A backslash that begins no such escape stands for itself.
 */
export function unescapeOctal(bytes: Buffer): Buffer {
  if (!bytes.includes(BACKSLASH)) return bytes;
  const out = Buffer.alloc(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    const code = byte === BACKSLASH ? octal(bytes, i + 1) : undefined;
    out[length++] = code ?? byte;
    if (code !== undefined) i += 3;
  }
  return out.subarray(0, length);
}

/** The byte that three octal digits give, or undefined. */
function octal(bytes: Buffer, at: number): number | undefined {
  if (at + 3 > bytes.length) return undefined;
  let value = 0;
  for (let i = at; i < at + 3; i++) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) return undefined;
    value = value * 8 + digit;
  }
  return value <= 0xff ? value : undefined;
}
