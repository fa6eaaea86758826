import type { ClientReadableStream } from '@grpc/grpc-js';
import type { ReadContentResponse } from '../wire/generated/containerd/services/content/v1/ReadContentResponse.js';
import { collectStream } from './collect-stream.js';
import { CodedError } from '../runtime/coded-error.js';

/** Even a server that sends single bytes for a whole window comes to an end. */
const MAX_MESSAGES = 4096;

/** The pieces of one window of a blob: exactly `bytes`, or a rejection. */
export async function readWindow(
  call: ClientReadableStream<ReadContentResponse>,
  { bytes, signal }: { bytes: number; signal: AbortSignal | undefined },
): Promise<readonly Buffer[]> {
  const cancel = (): void => {
    call.cancel();
  };
  signal?.addEventListener('abort', cancel);
  try {
    const limits = { what: 'bytes of a blob', count: MAX_MESSAGES, bytes };
    const pieces = await collectStream(call, ({ data }) => data, { ...limits, sizeOf: ({ data }) => data.length });
    const read = pieces.reduce((sum, { length }) => sum + length, 0);
    if (read !== bytes) throw new CodedError('file.unreadable', 'containerd sends less of a blob than it notes');
    return pieces;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
