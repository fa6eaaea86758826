/**
 * Linux paths are bytes; documents are UTF-8. Bytes that are not valid UTF-8 are written `\xHH` and a backslash `\\`,
 * so that every path has exactly one text and every text at most one path.
 */
export function pathText(path: Uint8Array): string {
  let text = '';
  for (let i = 0; i < path.length;) {
    const length = utf8Length(path, i);
    if (length === 0) {
      text += `\\x${(path[i] ?? 0).toString(16).padStart(2, '0')}`;
      i += 1;
    } else {
      const char = Buffer.from(path.subarray(i, i + length)).toString('utf8');
      text += char === '\\' ? '\\\\' : char;
      i += length;
    }
  }
  return text;
}

/** The bytes of a path text, or undefined if it is not one (a lone backslash, an escape of valid UTF-8, NUL). */
export function pathBytes(text: string): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let i = 0; i < text.length;) {
    if (text[i] !== '\\') {
      const next = text.indexOf('\\', i);
      const end = next === -1 ? text.length : next;
      parts.push(Buffer.from(text.slice(i, end), 'utf8'));
      i = end;
    } else if (text[i + 1] === '\\') {
      parts.push(Buffer.from('\\'));
      i += 2;
    } else {
      const hex = /^\\x([0-9a-f]{2})/.exec(text.slice(i, i + 4));
      if (hex === null) return undefined;
      parts.push(Buffer.from([Number.parseInt(hex[1] ?? '', 16)]));
      i += 4;
    }
  }
  const bytes = Buffer.concat(parts);
  return !bytes.includes(0) && pathText(bytes) === text ? bytes : undefined;
}

/** An absolute, normal path: starts with `/`, no empty, `.` or `..` step, no trailing slash. */
export function isAbsolutePathText(text: string): boolean {
  if (!text.startsWith('/') || text === '/' || text.length > 4096) return false;
  const steps = text.slice(1).split('/');
  return steps.every((step) => step !== '' && step !== '.' && step !== '..') && pathBytes(text) !== undefined;
}

/** Bytes of the UTF-8 sequence that starts at `at`, or 0 if none does (Unicode 15, table 3-7). */
function utf8Length(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) {
    const next = bytes[at + i] ?? 0;
    if (next < 0x80 || next > 0xbf) return 0;
  }
  return length;
}
