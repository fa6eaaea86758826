import type { ClientReadableStream } from '@grpc/grpc-js';
import { CodedError } from '../runtime/coded-error.js';

export interface StreamLimits<Message> {
  /** Of what, for the error. */
  readonly what: string;
  readonly count: number;
  readonly bytes: number;
  /** Roughly the bytes one message keeps in memory. */
  readonly sizeOf: (message: Message) => number;
}

/**
 * Every message of a stream that must end soon, each turned into what is kept of it as it comes. The call is over when
 * this settles. Rejects with gRPC's ServiceError, CodedError('limit.exceeded'), or what `keep` throws.
 */
export function collectStream<Message, Kept>(
  call: ClientReadableStream<Message>,
  keep: (message: Message) => Kept,
  { what, count, bytes, sizeOf }: StreamLimits<Message>,
): Promise<Kept[]> {
  return new Promise((resolve, reject) => {
    const kept: Kept[] = [];
    let size = 0;
    const fail = (error: Error): void => {
      call.cancel();
      reject(error);
    };
    call.on('data', (message: Message) => {
      try {
        size += sizeOf(message);
        if (kept.length >= count || size > bytes) {
          throw new CodedError('limit.exceeded', `containerd sends more ${what} than are read`);
        }
        kept.push(keep(message));
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
    call.on('error', fail);
    call.on('end', () => {
      resolve(kept);
    });
  });
}
