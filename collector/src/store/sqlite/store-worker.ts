import { parentPort, workerData } from 'node:worker_threads';
import { CallQueue } from './call-queue.js';
import { afterCloning, beforeCloning } from './cloned-values.js';
import { openServingConnection, type ServingConnection } from './connection-role.js';
import { storeError } from './sqlite-error.js';
import type { FromWorker, NumberedCall, ToWorker, WorkerTask } from './worker-messages.js';

/** Entry of a worker thread: one connection, for writing or for reading, and its queue. */
const LARGEST_GROUP = { write: 256, read: 1 } as const;

const task = workerData as WorkerTask;

function say(message: FromWorker): void {
  parentPort?.postMessage(message);
}

function serve(connection: ServingConnection): void {
  const queue = new CallQueue({
    run: connection.run,
    largestGroup: LARGEST_GROUP[task.role],
    answered: (answers) => {
      say({ kind: 'answers', answers: beforeCloning(answers) as typeof answers });
    },
  });
  parentPort?.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'calls':
        queue.add(afterCloning(message.calls) as NumberedCall[]);
        return;
      case 'close':
        queue.drain();
        connection.close();
        parentPort?.close();
    }
  });
  say({ kind: 'ready' });
}

try {
  serve(openServingConnection(task.role, task.file));
} catch (error) {
  const { code, message } = storeError(error, task.file);
  say({ kind: 'refused', code, message });
}
