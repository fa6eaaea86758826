import type { ErrorCode } from './error-codes.js';

/** What every program's exit status means. */
export const EXIT = { pass: 0, no: 1, usage: 2, unreachable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * 1: the answer is no, or a request was refused. 2: wrong usage, unreadable input or a full disk, and nothing was done. 3: the collector can't be reached
 * (`check` turns 3 into 1: an unreachable cluster is not a passing one).
 */
const BY_CODE: Readonly<Record<ErrorCode, ExitCode>> = {
  'usage.invalid': EXIT.usage,
  'config.invalid': EXIT.usage,
  'config.exists': EXIT.usage,
  'config.missing': EXIT.usage,
  'file.unreadable': EXIT.usage,
  'file.too-permissive': EXIT.usage,
  'address.in-use': EXIT.usage,
  'key.invalid': EXIT.usage,
  'key.passphrase': EXIT.usage,
  'signer.failed': EXIT.usage,
  'envelope.malformed': EXIT.no,
  'envelope.bad-signature': EXIT.no,
  'envelope.unknown-key': EXIT.no,
  'certificate.malformed': EXIT.usage,
  'certificate.rejected': EXIT.no,
  'statement.malformed': EXIT.no,
  'statement.too-large': EXIT.no,
  'manifest.malformed': EXIT.no,
  'manifest.bad-signature': EXIT.no,
  'manifest.expired': EXIT.no,
  'manifest.not-yet-valid': EXIT.no,
  'manifest.unknown': EXIT.no,
  'inception.mismatch': EXIT.no,
  'cluster.mode-fixed': EXIT.usage,
  'release.malformed': EXIT.no,
  'release.rollback': EXIT.no,
  'release.missing': EXIT.no,
  'image.malformed': EXIT.usage,
  'image.unsupported': EXIT.usage,
  'image.not-found': EXIT.usage,
  'host.undeclared': EXIT.no,
  'host.unknown': EXIT.no,
  'host.revoked': EXIT.no,
  'host.already-enrolled': EXIT.no,
  'host.not-enrolled': EXIT.usage,
  'host.mismatch': EXIT.no,
  'service.unknown': EXIT.no,
  'token.invalid': EXIT.usage,
  'token.used': EXIT.usage,
  'token.expired': EXIT.usage,
  'identity.forbidden': EXIT.no,
  'instance.duplicate': EXIT.no,
  'chain.fork': EXIT.no,
  'chain.gap': EXIT.no,
  'chain.stale-epoch': EXIT.no,
  'chain.lost': EXIT.usage,
  'report.rejected': EXIT.no,
  'limit.exceeded': EXIT.no,
  'store.corrupt': EXIT.usage,
  'store.unavailable': EXIT.no,
  'store.full': EXIT.usage,
  'collector.unreachable': EXIT.unreachable,
  'collector.protocol': EXIT.no,
  'request.cancelled': EXIT.no,
  internal: EXIT.no,
};

export function exitCodeOf(code: ErrorCode): ExitCode {
  return BY_CODE[code];
}
