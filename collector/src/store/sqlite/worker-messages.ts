import type { ErrorCode } from '@sealwatch/shared/runtime/error-codes.js';
import type { Answer, Call } from './call.js';
import type { ConnectionRole } from './connection-role.js';

/** Given to a worker at its start. */
export interface WorkerTask {
  readonly role: ConnectionRole;
  readonly file: string;
}

export interface NumberedCall extends Call {
  readonly id: number;
}

export interface NumberedAnswer {
  readonly id: number;
  readonly answer: Answer;
}

export type ToWorker = { readonly kind: 'calls'; readonly calls: readonly NumberedCall[] } | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'answers'; readonly answers: readonly NumberedAnswer[] };
