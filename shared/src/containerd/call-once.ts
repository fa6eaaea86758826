import type { requestCallback } from '@grpc/grpc-js';

/** One question, one answer. Rejects with gRPC's ServiceError. */
export function callOnce<Response>(start: (done: requestCallback<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    start((error, response) => {
      if (error !== null) reject(error);
      else if (response === undefined) reject(new Error('no response and no error'));
      else resolve(response);
    });
  });
}
