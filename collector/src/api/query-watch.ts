import { Metadata, type ServerWritableStream } from '@grpc/grpc-js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { PostureChangeInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/PostureChange.js';
import type { QueryServiceHandlers } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import type { WatchRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/WatchRequest.js';
import type { ComplianceService } from '../compliance/compliance-service.js';
import type { VerdictChange } from '../store/report-store.js';
import type { QueryGate } from './query-call.js';

/** Changes that may wait for a watcher who reads slowly: a whole large cluster once. */
const MAX_WAITING = 2_000;

/** Watch: every change of a verdict from now on, until the watcher hangs up, lags behind or loses its role. */
export function watchHandler(deps: {
  gate: QueryGate;
  compliance: Pick<ComplianceService, 'subscribe'>;
}): Pick<QueryServiceHandlers, 'Watch'> {
  const { gate, compliance } = deps;
  return {
    Watch: gate.streaming('Watch', (call: ServerWritableStream<WatchRequest, PostureChangeInput>, operator) => {
      return new Promise((resolve, reject) => {
        const stop = compliance.subscribe((change) => {
          if (call.writableLength < MAX_WAITING) {
            call.write(toWire(change));
            return;
          }
          stop();
          reject(new CodedError('limit.exceeded', 'the watcher reads too slowly; watch again'));
        });
        const checking = setInterval(() => {
          gate.recheck(operator, 'Watch').catch((error: unknown) => {
            stop();
            clearInterval(checking);
            reject(error instanceof Error ? error : new CodedError('internal', 'internal error'));
          });
        }, 1_000);
        // the caller knows by the headers that nothing is missed from here on
        call.sendMetadata(new Metadata());
        call.once('cancelled', () => {
          stop();
          clearInterval(checking);
          resolve();
        });
      });
    }),
  };
}

function toWire({ at, host, verdict, previous, reasons }: VerdictChange): PostureChangeInput {
  return { at, host, verdict, previousVerdict: previous, reasons: [...reasons] };
}
