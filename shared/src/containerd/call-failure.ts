import { status } from '@grpc/grpc-js';
import { isCoded } from '../runtime/coded-error.js';
import { printable } from '../runtime/printable.js';

const MAX_DETAILS = 200;

/** Said of a call that took longer than its deadline. */
export const NO_ANSWER = 'containerd does not answer in time';

/** Why a call failed. containerd's own words are kept; gRPC's name addresses and times, and differ each time. */
export function callFailure(error: unknown): string {
  if (isCoded(error)) return error.message;
  if (!isStatus(error)) return 'containerd could not be asked';
  switch (error.code) {
    case status.UNAVAILABLE:
      return 'containerd does not take connections';
    case status.DEADLINE_EXCEEDED:
      return NO_ANSWER;
    case status.CANCELLED:
      return 'the connection to containerd was closed';
    default: {
      const details = printable(error.details.slice(0, MAX_DETAILS));
      return `containerd answered ${(status[error.code] as string | undefined) ?? 'nonsense'}${details === '' ? '' : `: ${details}`}`;
    }
  }
}

export function isNotFound(error: unknown): boolean {
  return isStatus(error) && error.code === status.NOT_FOUND;
}

interface Status {
  readonly code: status;
  readonly details: string;
}

function isStatus(error: unknown): error is Status {
  const { code, details } = (error ?? {}) as Partial<Record<keyof Status, unknown>>;
  return typeof code === 'number' && typeof details === 'string';
}
