import type { ServerWritableStream } from '@grpc/grpc-js';
import { isCalendarDate } from '@sealwatch/shared/cmvp/calendar-date.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { MAX_HOSTS } from '@sealwatch/shared/trust/release.js';
import { deflateDocument } from '@sealwatch/shared/wire/deflated-document.js';
import type { CheckEventInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/CheckEvent.js';
import type { CheckRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/CheckRequest.js';
import type { QueryServiceHandlers } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import type { ComplianceService } from '../compliance/compliance-service.js';
import type { QueryGate } from './query-call.js';

const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_TIMEOUT_MS = 600_000;

/** Check: progress while hosts answer, then the result; a caller who hangs up ends it. */
export function checkHandler(deps: {
  gate: QueryGate;
  compliance: Pick<ComplianceService, 'check'>;
}): Pick<QueryServiceHandlers, 'Check'> {
  return {
    Check: deps.gate.streaming('Check', async (call: ServerWritableStream<CheckRequest, CheckEventInput>) => {
      const { hosts, cached, timeoutMs, asOf } = call.request;
      if (hosts.length > MAX_HOSTS) throw new CodedError('limit.exceeded', 'more hosts than a cluster can have');
      if (asOf !== '' && !isCalendarDate(asOf))
        throw new CodedError('usage.invalid', 'as_of is no day like 2026-09-01');
      const hungUp = new AbortController();
      call.once('cancelled', () => {
        hungUp.abort();
      });
      const result = await deps.compliance.check({
        hosts,
        cached,
        timeoutMs: Math.min(timeoutMs === 0 ? DEFAULT_TIMEOUT_MS : timeoutMs, MAX_TIMEOUT_MS),
        asOf: asOf === '' ? null : asOf,
        onProgress: (progress) => {
          // a caller who does not read gets the result all the same, only less of the way there
          if (!call.writableNeedDrain) call.write({ progress });
        },
        signal: hungUp.signal,
      });
      if (call.cancelled) return;
      call.write({ result: { schema: result.schema, deflatedDocument: deflateDocument(result) } });
    }),
  };
}
