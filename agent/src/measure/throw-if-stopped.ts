import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';

/** @throws CodedError('request.cancelled') once `signal` is aborted: what was seen so far is not the whole. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new CodedError('request.cancelled', 'stopped before the scan was complete');
}
