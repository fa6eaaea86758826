/**
 * Every code an error of ours can carry. Once shipped a code is for ever.
 * What each means to a shell is `exit-code.ts`; to gRPC, `wire/grpc-status.ts`: the compiler refuses a code without both.
 */
export type ErrorCode =
  // input a person gave
  | 'usage.invalid'
  | 'config.invalid'
  | 'config.exists'
  | 'config.missing'
  | 'file.unreadable'
  | 'file.too-permissive'
  | 'address.in-use'
  // keys, signatures, certificates
  | 'key.invalid'
  | 'key.passphrase'
  | 'signer.failed'
  | 'envelope.malformed'
  | 'envelope.bad-signature'
  | 'envelope.unknown-key'
  | 'certificate.malformed'
  | 'certificate.rejected'
  // signed documents
  | 'statement.malformed'
  | 'statement.too-large'
  | 'manifest.malformed'
  | 'manifest.bad-signature'
  | 'manifest.expired'
  | 'manifest.not-yet-valid'
  | 'manifest.unknown'
  | 'inception.mismatch'
  | 'cluster.mode-fixed'
  | 'release.malformed'
  | 'release.rollback'
  | 'release.missing'
  // container images
  | 'image.malformed'
  | 'image.unsupported'
  | 'image.not-found'
  // hosts
  | 'host.undeclared'
  | 'host.unknown'
  | 'host.revoked'
  | 'host.already-enrolled'
  | 'host.not-enrolled'
  | 'host.mismatch'
  | 'service.unknown'
  | 'token.invalid'
  | 'token.used'
  | 'token.expired'
  | 'identity.forbidden'
  | 'instance.duplicate'
  // reports
  | 'chain.fork'
  | 'chain.gap'
  | 'chain.stale-epoch'
  | 'chain.lost'
  | 'report.rejected'
  // resources
  | 'limit.exceeded'
  | 'store.corrupt'
  | 'store.unavailable'
  | 'store.full'
  | 'collector.unreachable'
  | 'collector.protocol'
  | 'request.cancelled'
  | 'internal';
