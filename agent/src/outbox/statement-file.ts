import { envelopeFromJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { type Envelope, PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { MAX_REPORT_BYTES, type Report, reportSchema } from '@sealwatch/shared/statement/report.js';
import { MAX_SEAL_BYTES, type Seal, sealSchema } from '@sealwatch/shared/statement/seal.js';
import type { StatementRef } from './outbox.js';

const NAME = /^(\d{10})\.(report|seal)$/;

/** `0000000042.report`: names sort as sequences do. */
export function statementFileName({ sequence, kind }: Pick<StatementRef, 'sequence' | 'kind'>): string {
  return `${String(sequence).padStart(10, '0')}.${kind}`;
}

/** Undefined for anything else that lies in the directory. */
export function parseStatementFileName(name: string): Pick<StatementRef, 'sequence' | 'kind'> | undefined {
  const match = NAME.exec(name);
  return match === null ? undefined : { sequence: Number(match[1]), kind: match[2] as StatementRef['kind'] };
}

/** A statement as a file of ours holds it. `bodies` are the digests a report names, none for a seal. */
export interface StoredStatement {
  readonly ref: StatementRef;
  readonly envelope: Envelope;
  readonly bodies: readonly Digest[];
}

/** @throws CodedError('store.corrupt') if the bytes are not the statement the name says */
export function parseStatement(
  bytes: Uint8Array,
  named: Pick<StatementRef, 'sequence' | 'kind'>,
  what: string,
): StoredStatement {
  const envelope = envelopeFromJson(bytes, what);
  const digest = sha256(envelope.payload);
  const [place, bodies] = named.kind === 'report' ? placeOfReport(envelope, what) : placeOfSeal(envelope, what);
  if (place.sequence !== named.sequence || envelope.payloadType !== PAYLOAD_TYPES[named.kind]) {
    throw new CodedError('store.corrupt', `${what} holds another statement than its name says`);
  }
  return { ref: { kind: named.kind, epoch: place.epoch, sequence: place.sequence, digest }, envelope, bodies };
}

function placeOfReport({ payload }: Envelope, what: string): [Report, Digest[]] {
  const report = parsePayload(payload, {
    schema: reportSchema,
    what,
    maxBytes: MAX_REPORT_BYTES,
    code: 'store.corrupt',
  });
  return [report, distinct(report.subjects.map(({ measurement }) => measurement))];
}

function placeOfSeal({ payload }: Envelope, what: string): [Seal, Digest[]] {
  const seal = parsePayload(payload, { schema: sealSchema, what, maxBytes: MAX_SEAL_BYTES, code: 'store.corrupt' });
  return [seal, []];
}

function distinct(digests: readonly Digest[]): Digest[] {
  return [...new Set(digests)];
}
