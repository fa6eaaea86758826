import { parseCheckDocument } from '@sealwatch/shared/check/check-json.js';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import type { CalendarDate } from '@sealwatch/shared/cmvp/calendar-date.js';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { inflateDocument } from '@sealwatch/shared/wire/deflated-document.js';
import type { OperatorConnection } from '../operator/operator-connection.js';
import { ProgressLine } from './progress-line.js';

export interface CheckQuestion {
  /** Empty: all declared hosts. */
  readonly hosts: readonly string[];
  readonly cached: boolean;
  readonly timeoutMs: number;
  /** The day for which certificates are judged; null: today. */
  readonly asOf: CalendarDate | null;
}

/** The collector answers by its own clock within the time given; only a collector that doesn't is waited for so long. */
const GRACE_MS = 10_000;

/**
 * Asks and waits. Only a stream that ends well, with one result as its last message, is an answer.
 * @throws CodedError('collector.unreachable' | 'collector.protocol' | 'request.cancelled' | …)
 */
export async function askForCheck(
  io: Io,
  connection: OperatorConnection,
  question: CheckQuestion,
): Promise<CheckResult> {
  const { hosts, cached, timeoutMs, asOf } = question;
  const request = { hosts: [...hosts], cached, timeoutMs, asOf: asOf ?? '' };
  const progress = new ProgressLine(io.err);
  let result: CheckResult | undefined;
  try {
    for await (const event of connection.check(request, timeoutMs + GRACE_MS)) {
      if (result !== undefined) throw new CodedError('collector.protocol', 'the collector went on after its result');
      if (event.result) result = parseCheckDocument(inflateDocument(event.result.deflatedDocument));
      else if (event.progress) {
        progress.show(`hosts answered ${String(event.progress.answered)}/${String(event.progress.asked)}`);
      }
    }
  } finally {
    progress.clear();
  }
  if (result === undefined)
    throw new CodedError('collector.protocol', 'the collector ended the check without a result');
  // an older collector takes no notice of the day
  if (asOf !== null && result.certificates?.on !== asOf)
    throw new CodedError('collector.protocol', `the collector did not judge certificates as of ${asOf}; is it older?`);
  return result;
}
