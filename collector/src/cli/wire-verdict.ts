import { type Verdict, VERDICTS } from '@sealwatch/shared/appraisal/verdict.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';

/** A verdict is decided upon, so a word nobody knows is an error, never a yes. @throws CodedError('collector.protocol') */
export function wireVerdict(text: string): Verdict {
  const verdict = VERDICTS.find((known) => known === text);
  if (verdict !== undefined) return verdict;
  throw new CodedError('collector.protocol', `the collector says "${text}", which is no verdict this version knows`);
}

/** Proto3 has no null for text: an empty one is "not there". */
export function orNull(text: string): string | null {
  return text === '' ? null : text;
}
