import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import { CodedError, isCoded } from '../runtime/coded-error.js';
import type { ErrorCode } from '../runtime/error-codes.js';

/** How each error of ours looks to gRPC; retrying clients go by it. The compiler refuses a code without a status. */
const BY_CODE: Readonly<Record<ErrorCode, status>> = {
  'usage.invalid': status.INVALID_ARGUMENT,
  'config.invalid': status.INVALID_ARGUMENT,
  'config.exists': status.ALREADY_EXISTS,
  'config.missing': status.FAILED_PRECONDITION,
  'file.unreadable': status.FAILED_PRECONDITION,
  'file.too-permissive': status.FAILED_PRECONDITION,
  'address.in-use': status.FAILED_PRECONDITION,
  'key.invalid': status.INVALID_ARGUMENT,
  'key.passphrase': status.FAILED_PRECONDITION,
  'signer.failed': status.FAILED_PRECONDITION,
  'envelope.malformed': status.INVALID_ARGUMENT,
  'envelope.bad-signature': status.UNAUTHENTICATED,
  'envelope.unknown-key': status.UNAUTHENTICATED,
  'certificate.malformed': status.INVALID_ARGUMENT,
  'certificate.rejected': status.UNAUTHENTICATED,
  'statement.malformed': status.INVALID_ARGUMENT,
  'statement.too-large': status.RESOURCE_EXHAUSTED,
  'manifest.malformed': status.INVALID_ARGUMENT,
  'manifest.bad-signature': status.INVALID_ARGUMENT,
  'manifest.expired': status.FAILED_PRECONDITION,
  'manifest.not-yet-valid': status.FAILED_PRECONDITION,
  'manifest.unknown': status.NOT_FOUND,
  'inception.mismatch': status.FAILED_PRECONDITION,
  'cluster.mode-fixed': status.FAILED_PRECONDITION,
  'release.malformed': status.INVALID_ARGUMENT,
  'release.rollback': status.FAILED_PRECONDITION,
  'release.missing': status.FAILED_PRECONDITION,
  'image.malformed': status.INVALID_ARGUMENT,
  'image.unsupported': status.INVALID_ARGUMENT,
  'image.not-found': status.NOT_FOUND,
  'host.undeclared': status.NOT_FOUND,
  'host.unknown': status.NOT_FOUND,
  'host.revoked': status.PERMISSION_DENIED,
  'host.already-enrolled': status.ALREADY_EXISTS,
  'host.not-enrolled': status.FAILED_PRECONDITION,
  'host.mismatch': status.PERMISSION_DENIED,
  'service.unknown': status.NOT_FOUND,
  'token.invalid': status.UNAUTHENTICATED,
  'token.used': status.UNAUTHENTICATED,
  'token.expired': status.UNAUTHENTICATED,
  'identity.forbidden': status.PERMISSION_DENIED,
  'instance.duplicate': status.ALREADY_EXISTS,
  'chain.fork': status.ABORTED,
  'chain.gap': status.ABORTED,
  'chain.stale-epoch': status.FAILED_PRECONDITION,
  'chain.lost': status.DATA_LOSS,
  'report.rejected': status.INVALID_ARGUMENT,
  'limit.exceeded': status.RESOURCE_EXHAUSTED,
  'store.corrupt': status.DATA_LOSS,
  'store.unavailable': status.UNAVAILABLE,
  'store.full': status.RESOURCE_EXHAUSTED,
  'collector.unreachable': status.UNAVAILABLE,
  'collector.protocol': status.FAILED_PRECONDITION,
  'request.cancelled': status.CANCELLED,
  internal: status.INTERNAL,
};

/** What a status means that carries no code of ours: made by gRPC itself or by something in between. */
const BY_STATUS: Readonly<Partial<Record<status, ErrorCode>>> = {
  [status.UNAVAILABLE]: 'collector.unreachable',
  [status.DEADLINE_EXCEEDED]: 'collector.unreachable',
  [status.CANCELLED]: 'request.cancelled',
  [status.RESOURCE_EXHAUSTED]: 'limit.exceeded',
  [status.PERMISSION_DENIED]: 'identity.forbidden',
  [status.UNAUTHENTICATED]: 'identity.forbidden',
};

/** Trailing metadata that carries the code, so that no client has to read messages. */
const CODE_KEY = 'sealwatch-code';
/** Statuses travel in HTTP/2 headers; peers refuse large ones. */
const MAX_DETAILS = 2000;

/** The way out. An error that is not ours says nothing about our insides. */
export function toStatus(error: unknown): StatusObject {
  const coded = isCoded(error) ? error : new CodedError('internal', 'internal error');
  const metadata = new Metadata();
  metadata.set(CODE_KEY, coded.code);
  return { code: BY_CODE[coded.code], details: headerText(coded.message), metadata };
}

/** The way back: of a failed call, and of anything else that can be thrown around one. */
export function fromStatus(error: unknown): CodedError {
  if (isCoded(error)) return error;
  if (!isStatus(error)) return new CodedError('internal', 'internal error', { cause: error });
  const [carried] = error.metadata.get(CODE_KEY);
  const code = typeof carried === 'string' && isErrorCode(carried) ? carried : undefined;
  return new CodedError(code ?? BY_STATUS[error.code] ?? 'collector.protocol', error.details, { cause: error });
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.prototype.hasOwnProperty.call(BY_CODE, text);
}

function isStatus(error: unknown): error is StatusObject {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'number' &&
    'details' in error &&
    typeof error.details === 'string' &&
    'metadata' in error &&
    error.metadata instanceof Metadata
  );
}

/** Half a surrogate pair would make percent-encoding throw; going through UTF-8 replaces it. */
function headerText(text: string): string {
  return Buffer.from(text.slice(0, MAX_DETAILS), 'utf8').toString('utf8');
}
