import { CodedError } from './coded-error.js';
import type { ErrorCode } from './error-codes.js';

/** Deep enough for everything we write, shallow enough that no parser of ours recurses far. */
const MAX_DEPTH = 32;

/**
 * JSON from outside: size first, then depth (scanned without recursion), then syntax.
 * @throws CodedError(code) naming `what`
 */
export function parseBoundedJson(
  bytes: Uint8Array,
  limits: { what: string; maxBytes: number; code: ErrorCode },
): unknown {
  const { what, maxBytes, code } = limits;
  if (bytes.length > maxBytes) {
    throw new CodedError(code, `${what} has ${String(bytes.length)} bytes; at most ${String(maxBytes)} are read`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new CodedError(code, `${what} is not UTF-8 text`, { cause: error });
  }
  if (exceedsDepth(text)) throw new CodedError(code, `${what} nests deeper than ${String(MAX_DEPTH)} levels`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CodedError(code, `${what} is not valid JSON`, { cause: error });
  }
}

function exceedsDepth(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (inString) {
      if (char === 0x5c) i++;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x5b || char === 0x7b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (char === 0x5d || char === 0x7d) depth--;
  }
  return false;
}
