import { type Envelope, PAYLOAD_TYPES, type PayloadType } from '@sealwatch/shared/envelope/envelope.js';
import { verifyEnvelope } from '@sealwatch/shared/envelope/verify-envelope.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { PublicKey } from '@sealwatch/shared/signing/public-key.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { MAX_REPORT_BYTES, type Report, reportSchema } from '@sealwatch/shared/statement/report.js';
import { MAX_SEAL_BYTES, type Seal, sealSchema } from '@sealwatch/shared/statement/seal.js';
import type { VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';

/** A host signing certificate we issued. */
export interface HostSigner {
  readonly host: string;
  readonly epoch: number;
  readonly key: PublicKey;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly revoked: boolean;
}

/** Finds the signer of an envelope among the certificates we issued for signing; undefined for any other key. */
export type FindSigner = (keyid: string) => Promise<HostSigner | undefined>;

interface Origin {
  readonly peer: { readonly host: string; readonly epoch: number };
  readonly inception: VerifiedInception;
  readonly findSigner: FindSigner;
  /** Our wall clock. */
  readonly receivedAt: number;
}

export interface OpenedReport {
  readonly digest: Digest;
  readonly report: Report;
}

/**
 * Who says this, what does it say, does it say it about itself? In that order.
 * @throws CodedError('envelope.*' | 'statement.*' | 'host.*' | 'chain.stale-epoch' | 'inception.mismatch')
 */
export async function openReport(envelope: Envelope, origin: Origin): Promise<OpenedReport> {
  const signer = await requireSigner(envelope, PAYLOAD_TYPES.report, origin, 'a report');
  const report = parsePayload(envelope.payload, {
    schema: reportSchema,
    what: 'a report',
    maxBytes: MAX_REPORT_BYTES,
    code: 'statement.malformed',
  });
  requireSameOrigin(signer, report, origin);
  requireValidSigner(signer, wallTime(report.at), origin.receivedAt);
  if (report.inception !== origin.inception.digest) {
    throw new CodedError(
      'inception.mismatch',
      `the report names inception ${report.inception}, this cluster began with ${origin.inception.digest}`,
    );
  }
  return { digest: sha256(envelope.payload), report };
}

/** The same gates for a seal. */
export async function openSeal(envelope: Envelope, origin: Origin): Promise<{ digest: Digest; seal: Seal }> {
  const signer = await requireSigner(envelope, PAYLOAD_TYPES.seal, origin, 'a seal');
  const seal = parsePayload(envelope.payload, {
    schema: sealSchema,
    what: 'a seal',
    maxBytes: MAX_SEAL_BYTES,
    code: 'statement.malformed',
  });
  requireSameOrigin(signer, seal, origin);
  requireValidSigner(signer, wallTime(seal.until), origin.receivedAt);
  if (wallTime(seal.since) > wallTime(seal.until))
    throw new CodedError('statement.malformed', 'a seal ends before it begins');
  return { digest: sha256(envelope.payload), seal };
}

async function requireSigner(
  envelope: Envelope,
  payloadType: PayloadType,
  { findSigner }: Origin,
  what: string,
): Promise<HostSigner> {
  const [signature] = envelope.signatures;
  if (signature === undefined || envelope.signatures.length > 1) {
    throw new CodedError('envelope.malformed', `${what} must have exactly one signature`);
  }
  const signer = await findSigner(signature.keyid);
  verifyEnvelope(envelope, { payloadType, keys: signer === undefined ? [] : [signer.key], what });
  if (signer === undefined) throw new CodedError('envelope.unknown-key', `${what} is signed by no host`);
  return signer;
}

/** The signer, the TLS peer and the statement are one host of one epoch in this cluster. */
function requireSameOrigin(
  signer: HostSigner,
  statement: Pick<Report, 'clusterId' | 'host' | 'epoch'>,
  { peer, inception }: Origin,
): void {
  if (signer.host !== peer.host || signer.epoch !== peer.epoch) {
    throw new CodedError(
      'host.mismatch',
      `${peer.host} sent a statement signed by ${signer.host}, epoch ${String(signer.epoch)}`,
    );
  }
  if (statement.clusterId !== inception.inception.clusterId)
    throw new CodedError('host.mismatch', 'the statement is of another cluster');
  if (statement.host !== peer.host) {
    throw new CodedError(
      'host.mismatch',
      `the connection is ${peer.host}'s, the statement says it is ${statement.host}'s`,
    );
  }
  if (statement.epoch !== peer.epoch) {
    throw new CodedError(
      'chain.stale-epoch',
      `the statement is of epoch ${String(statement.epoch)}, the connection of ${String(peer.epoch)}`,
    );
  }
}

/**
 * The certificate was valid at the statement's time; a host whose clock is wrong is heard all the same if it is valid
 * now (its evidence is recorded but never fresh).
 */
function requireValidSigner(signer: HostSigner, signedAt: number, receivedAt: number): void {
  if (signer.revoked) throw new CodedError('host.revoked', 'the signing certificate was revoked');
  const covers = (at: number): boolean => signer.notBefore <= at && at <= signer.notAfter;
  if (!covers(signedAt) && !covers(receivedAt)) {
    throw new CodedError('certificate.rejected', 'the signing certificate was not valid at the time of the statement');
  }
}
