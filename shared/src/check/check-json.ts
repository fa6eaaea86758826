import { CodedError } from '../runtime/coded-error.js';
import { jsonText } from '../runtime/json-text.js';
import { parsePayload } from '../statement/parse-payload.js';
import type { CheckResult, HostResult } from './check-result.js';
import { checkResultSchema, hostResultSchema } from './check-schema.js';
import { contradiction, hostContradiction } from './contradiction.js';

/** 10,000 hosts with fifteen subjects each stay below. */
export const MAX_CHECK_BYTES: number = 64 * 1024 * 1024;

const CODE = 'collector.protocol';

/** The documented JSON, keys in the order the documentation has them, additions of a newer collector after them. */
export function checkJson(result: CheckResult): string {
  return jsonText(checkResultSchema.parse(result));
}

/**
 * A collector's answer. A document that says yes while one of its parts says no is refused as a whole.
 * @throws CodedError('collector.protocol')
 */
export function parseCheckDocument(bytes: Uint8Array): CheckResult {
  const what = "the collector's check document";
  const result = parsePayload(bytes, { schema: checkResultSchema, what, maxBytes: MAX_CHECK_BYTES, code: CODE });
  refuse(what, contradiction(result));
  return result;
}

/** One of `hosts`, as `GetHost` sends it. @throws CodedError('collector.protocol') */
export function parseHostDocument(bytes: Uint8Array): HostResult {
  const what = "the collector's document about one host";
  const host = parsePayload(bytes, { schema: hostResultSchema, what, maxBytes: MAX_CHECK_BYTES, code: CODE });
  refuse(what, hostContradiction(host));
  return host;
}

function refuse(what: string, found: string | undefined): void {
  if (found !== undefined) throw new CodedError(CODE, `${what} says compliant, yet ${found}; it is not believed`);
}
