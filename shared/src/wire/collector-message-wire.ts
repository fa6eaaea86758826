import { isDigest } from '../hashing/digest.js';
import { CodedError, isCoded, reasonOf } from '../runtime/coded-error.js';
import { Problems } from '../runtime/problems.js';
import { isTimestamp } from '../runtime/timestamp.js';
import { MAX_SUBJECTS } from '../statement/report.js';
import type { Ack, CollectorMessage } from './attest-messages.js';
import type {
  Ack as WireAck,
  _sealwatch_v1_Ack_Kind,
  _sealwatch_v1_Ack_Outcome,
} from './generated/sealwatch/v1/Ack.js';
import type { AttestResponse, AttestResponseInput } from './generated/sealwatch/v1/AttestResponse.js';
import type { Welcome } from './generated/sealwatch/v1/Welcome.js';
import { fromHead, toHead } from './head-wire.js';
import { fromReleaseBundle, toReleaseBundle } from './release-wire.js';

/**
 * The agent's side: a collector that breaks the protocol is an error of its own, whatever field it is in.
 * @throws CodedError('collector.protocol')
 */
export function toCollectorMessage(wire: AttestResponse): CollectorMessage {
  try {
    return narrowed(wire);
  } catch (error) {
    if (isCoded(error, 'collector.protocol')) throw error;
    throw new CodedError('collector.protocol', `the collector sent what can't be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

export function fromCollectorMessage(message: CollectorMessage): AttestResponseInput {
  switch (message.kind) {
    case 'welcome': {
      const { protocolVersion, serverTime, head, credit, update } = message;
      return {
        welcome: {
          protocolVersion,
          serverTime,
          head: fromHead(head),
          credit,
          update: update === null ? null : fromReleaseBundle(update),
        },
      };
    }
    case 'ack': {
      const { epoch, sequence, digest, code, message: text } = message;
      const kind = WIRE_KIND[message.of];
      return { ack: { kind, epoch, sequence, digest, outcome: WIRE_OUTCOME[message.outcome], code, message: text } };
    }
    case 'challenge':
      return { challenge: { nonce: message.nonce, deadlineMs: message.deadlineMs } };
    case 'update':
      return { update: fromReleaseBundle(message.bundle) };
    case 'need':
      return { need: { digests: [...message.digests] } };
  }
}

function narrowed(wire: AttestResponse): CollectorMessage {
  const { message } = wire;
  if (message === undefined) throw broken('a message is of no kind this version knows');
  switch (message) {
    case 'welcome':
      return toWelcome(present(wire.welcome));
    case 'ack':
      return toAck(present(wire.ack));
    case 'challenge': {
      const { nonce, deadlineMs } = present(wire.challenge);
      if (!/^[0-9a-f]{32}$/.test(nonce)) throw broken('a challenge has no nonce of 32 hex digits');
      return { kind: 'challenge', nonce, deadlineMs };
    }
    case 'update':
      return { kind: 'update', bundle: toReleaseBundle(present(wire.update)) };
    case 'need': {
      const { digests } = present(wire.need);
      if (digests.length > MAX_SUBJECTS || !digests.every(isDigest))
        throw broken('a request for bodies names no digests');
      return { kind: 'need', digests };
    }
  }
}

function toWelcome(wire: Welcome): CollectorMessage {
  const problems = new Problems();
  const head = toHead(wire.head, 'head', problems);
  if (!isTimestamp(wire.serverTime)) problems.add('serverTime', 'must be RFC 3339, UTC, with milliseconds');
  if (wire.protocolVersion < 1) problems.add('protocolVersion', 'must be 1 or more');
  if (wire.credit < 1) problems.add('credit', 'must be 1 or more');
  problems.throwIfAny('collector.protocol', "the collector's welcome");
  return {
    kind: 'welcome',
    protocolVersion: wire.protocolVersion,
    serverTime: wire.serverTime,
    head,
    credit: wire.credit,
    update: wire.update === null ? null : toReleaseBundle(wire.update),
  };
}

const WIRE_KIND = { report: 'REPORT', seal: 'SEAL' } as const;
const WIRE_OUTCOME = { recorded: 'RECORDED', duplicate: 'DUPLICATE', rejected: 'REJECTED' } as const;

const KINDS: Readonly<Partial<Record<_sealwatch_v1_Ack_Kind, Ack['of']>>> = { REPORT: 'report', SEAL: 'seal' };
const OUTCOMES: Readonly<Partial<Record<_sealwatch_v1_Ack_Outcome, Ack['outcome']>>> = {
  RECORDED: 'recorded',
  DUPLICATE: 'duplicate',
  REJECTED: 'rejected',
};

function toAck({ kind, outcome, epoch, sequence, digest, code, message }: WireAck): Ack {
  const of = KINDS[kind];
  const result = OUTCOMES[outcome];
  if (of === undefined || result === undefined) throw broken('an acknowledgement of unknown kind or outcome');
  if (!isDigest(digest)) throw broken('an acknowledgement names no digest');
  return { kind: 'ack', of, epoch, sequence, digest, outcome: result, code, message };
}

function present<T>(field: T | null | undefined): T {
  if (field === null || field === undefined) throw broken('a message is empty');
  return field;
}

function broken(what: string): CodedError {
  return new CodedError('collector.protocol', `the collector sent what can't be read: ${what}`);
}
