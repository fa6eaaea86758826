import type { handleServerStreamingCall, handleUnaryCall, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import type { ReleaseService } from '../compliance/release-service.js';
import { authorize, type QueryMethod } from './authorize.js';
import type { CallGate } from './call-gate.js';
import type { Peer } from './peer-identity.js';
import { streamingCall, unaryCall } from './serve-call.js';

/** What stands before every method of QueryService: identity, rate, role. */
export interface QueryGate {
  unary<Request, Response>(
    method: QueryMethod,
    answer: (request: Request, operator: Peer) => Promise<Response>,
  ): handleUnaryCall<Request, Response>;
  streaming<Request, Response>(
    method: QueryMethod,
    answer: (call: ServerWritableStream<Request, Response>, operator: Peer) => Promise<void>,
  ): handleServerStreamingCall<Request, Response>;
  /** Whether the operator of a stream still may. @throws CodedError */
  recheck(operator: Peer, method: QueryMethod): Promise<void>;
}

export function queryGate(deps: { gate: CallGate; releases: Pick<ReleaseService, 'current'>; log: Logger }): QueryGate {
  const { gate, releases, log } = deps;
  const admit = async (
    call: Pick<ServerUnaryCall<unknown, unknown>, 'getAuthContext'>,
    method: QueryMethod,
  ): Promise<Peer> => {
    const operator = await gate.admit(call);
    authorize(operator, method, releases.current()?.release);
    return operator;
  };
  return {
    unary: (method, answer) => unaryCall(method, log, async (call) => answer(call.request, await admit(call, method))),
    streaming: (method, answer) =>
      streamingCall(method, log, async (call) => {
        await answer(call, await admit(call, method));
      }),
    recheck: async (operator, method) => {
      await gate.recheck(operator);
      authorize(operator, method, releases.current()?.release);
    },
  };
}
