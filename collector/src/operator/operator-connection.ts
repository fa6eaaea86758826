import type { CallOptions, ClientReadableStream, ClientUnaryCall, ServiceError } from '@grpc/grpc-js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { formatDuration } from '@sealwatch/shared/runtime/duration.js';
import type { CheckEvent } from '@sealwatch/shared/wire/generated/sealwatch/v1/CheckEvent.js';
import type { CheckRequestInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/CheckRequest.js';
import type { PostureChange } from '@sealwatch/shared/wire/generated/sealwatch/v1/PostureChange.js';
import type { QueryServiceClient } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import { fromStatus } from '@sealwatch/shared/wire/grpc-status.js';

/** How long one question may take that no host has to be asked for. */
const UNARY_DEADLINE_MS = 30_000;

/** One call of the generated client: `(client, options, done) => client.getHost({ name }, options, done)`. */
type UnaryCall<Response> = (
  client: QueryServiceClient,
  options: CallOptions,
  done: (error: ServiceError | null, response?: Response) => void,
) => ClientUnaryCall;

/**
 * One operator's connection to the collector. Every call ends by itself: with an answer, an error, its deadline or the
 * operator's Ctrl-C. All errors are CodedErrors; `collector.unreachable` names the address.
 */
export class OperatorConnection {
  readonly #client: QueryServiceClient;
  readonly #address: string;
  readonly #signal: AbortSignal;

  constructor(deps: { client: QueryServiceClient; address: string; signal: AbortSignal }) {
    this.#client = deps.client;
    this.#address = deps.address;
    this.#signal = deps.signal;
  }

  /** One request, one answer. */
  async ask<Response>(call: UnaryCall<Response>, deadlineMs: number = UNARY_DEADLINE_MS): Promise<Response> {
    let done: (() => void) | undefined;
    try {
      return await new Promise<Response>((resolve, reject) => {
        const running = call(this.#client, deadline(deadlineMs), (error, response) => {
          if (error !== null) reject(error);
          else if (response === undefined) reject(new CodedError('collector.protocol', 'an answer without a message'));
          else resolve(response);
        });
        done = this.#cancelOnAbort(running);
      });
    } catch (error) {
      throw this.#explained(error, deadlineMs);
    } finally {
      done?.();
    }
  }

  /** Progress and then the result, as they come. @param deadlineMs for the whole stream */
  check(request: CheckRequestInput, deadlineMs: number): AsyncIterable<CheckEvent> {
    return this.#stream(() => this.#client.check(request, deadline(deadlineMs)), deadlineMs);
  }

  /** Ends only by the collector, an error or the operator's Ctrl-C. */
  watch(): AsyncIterable<PostureChange> {
    return this.#stream(() => this.#client.watch({}));
  }

  close(): void {
    this.#client.close();
  }

  async *#stream<T>(open: () => ClientReadableStream<T>, deadlineMs?: number): AsyncIterable<T> {
    const call = open();
    const done = this.#cancelOnAbort(call);
    try {
      for await (const message of call) yield message as T;
    } catch (error) {
      throw this.#explained(error, deadlineMs);
    } finally {
      done();
      call.cancel();
    }
  }

  #cancelOnAbort(call: { cancel(): void }): () => void {
    const cancel = (): void => {
      call.cancel();
    };
    if (this.#signal.aborted) cancel();
    this.#signal.addEventListener('abort', cancel);
    return () => {
      this.#signal.removeEventListener('abort', cancel);
    };
  }

  #explained(error: unknown, deadlineMs?: number): CodedError {
    if (this.#signal.aborted) return new CodedError('request.cancelled', 'stopped before the answer', { cause: error });
    const coded = fromStatus(error);
    if (coded.code !== 'collector.unreachable') return coded;
    const within = deadlineMs === undefined ? '' : ` (waited at most ${formatDuration(deadlineMs)})`;
    return new CodedError(
      'collector.unreachable',
      `no answer from the collector at ${this.#address}${within}: ${withoutEmptyNote(coded.message)}\n` +
        'Look at: sealwatch-collector running there, the address in cluster.yaml (collector.address) or --collector, ' +
        'a firewall between, and whether both certificates are of this cluster and still valid',
      { cause: error },
    );
  }
}

/** grpc-js ends its sentence with a note of the name resolution, also where it has none. */
function withoutEmptyNote(message: string): string {
  return message.replace(/\.? *Resolution note: *$/, '');
}

function deadline(milliseconds: number): CallOptions {
  return { deadline: Date.now() + milliseconds };
}
