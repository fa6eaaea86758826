import type { handleServerStreamingCall, handleUnaryCall, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { toStatus } from '@sealwatch/shared/wire/grpc-status.js';

/** A promise's way into grpc-js. Every error leaves here as a status, and is logged here, once. */
export function unaryCall<Request, Response>(
  method: string,
  log: Logger,
  answer: (call: ServerUnaryCall<Request, Response>) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    answer(call).then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback(refused(error, method, log));
      },
    );
  };
}

/** Like `unaryCall`, for a stream of answers; it ends when the promise settles. */
export function streamingCall<Request, Response>(
  method: string,
  log: Logger,
  answer: (call: ServerWritableStream<Request, Response>) => Promise<void>,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    answer(call).then(
      () => {
        call.end();
      },
      (error: unknown) => {
        call.emit('error', refused(error, method, log));
      },
    );
  };
}

/** Refusals are the caller's business; what is not coded, or is our own disk, is ours. */
export function refused(error: unknown, method: string, log: Logger): ReturnType<typeof toStatus> {
  const code = isCoded(error) ? error.code : 'internal';
  const ours = code === 'internal' || code.startsWith('store.');
  if (ours) log.error({ err: error, code, method }, 'call failed');
  else log.info({ code, method, reason: isCoded(error) ? error.message : '' }, 'call refused');
  return toStatus(error);
}
