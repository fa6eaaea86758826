import { deflateRawSync } from 'node:zlib';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { encodeMeasurement, MAX_BODY_BYTES } from '@sealwatch/shared/measurement/measurement-body.js';
import type { ErrorCode } from '@sealwatch/shared/runtime/error-codes.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { AgentMessage, CollectorMessage } from '@sealwatch/shared/wire/attest-messages.js';
import {
  fromAgentMessage,
  fromCollectorMessage,
  toAgentMessage,
  toCollectorMessage,
} from '@sealwatch/shared/wire/attest-wire.js';
import type { AttestRequestInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/AttestRequest.js';
import type { AttestResponseInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/AttestResponse.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import { MAX_BODIES_BYTES } from '@sealwatch/shared/wire/wire-limits.js';
import { describe, expect, it } from 'vitest';
import { platformMeasurement } from '../fakes/platform-observations.js';

const { requestSerialize, requestDeserialize, responseSerialize, responseDeserialize } =
  loadProtos().AgentService.service.Attest;

/** Through the bytes, as the far end would read it. */
const uplink = (message: AttestRequestInput): AgentMessage =>
  toAgentMessage(requestDeserialize(requestSerialize(message)));
const downlink = (message: AttestResponseInput): CollectorMessage =>
  toCollectorMessage(responseDeserialize(responseSerialize(message)));

const digest = sha256(Buffer.from('report'));
const head = { epoch: 2, sequence: 7, digest };
const envelope: Envelope = {
  payloadType: 'application/vnd.sealwatch.report.v1+json',
  payload: Buffer.from('{"any":"bytes, ü"}'),
  signatures: [{ keyid: 'ab'.repeat(32), sig: Buffer.from([1, 2, 3]) }],
};
const body = encodeMeasurement(platformMeasurement());
const hello: AgentMessage = {
  kind: 'hello',
  protocolVersions: [1],
  agentVersion: '0.1.0',
  instance: '0f'.repeat(16),
  heartbeatIntervalMs: 30_000,
  scanIntervalMs: 900_000,
  head: null,
  releaseVersion: 0,
};
const at = '2026-11-23T09:30:00.000Z';

describe('what an agent says arrives as it was said', () => {
  const messages: AgentMessage[] = [
    hello,
    { ...hello, head, releaseVersion: 3 },
    { kind: 'report', envelope, bodies: [body] },
    { kind: 'report', envelope, bodies: [] },
    { kind: 'seal', envelope },
    { kind: 'bodies', bodies: [body, body] },
    { kind: 'heartbeat', head, nextScanInMs: 0, at },
  ];
  it.each(messages)('$kind', (message) => {
    expect(uplink(fromAgentMessage(message))).toEqual(message);
  });
});

describe('what the collector says arrives as it was said', () => {
  const messages: CollectorMessage[] = [
    { kind: 'welcome', protocolVersion: 1, serverTime: at, head: null, credit: 8, update: null },
    {
      kind: 'welcome',
      protocolVersion: 1,
      serverTime: at,
      head,
      credit: 8,
      update: { release: envelope, manifests: [envelope, envelope] },
    },
    { kind: 'ack', of: 'report', epoch: 1, sequence: 2, digest, outcome: 'recorded', code: '', message: '' },
    { kind: 'ack', of: 'seal', epoch: 1, sequence: 2, digest, outcome: 'rejected', code: 'chain.fork', message: 'no' },
    { kind: 'challenge', nonce: '0f'.repeat(16), deadlineMs: 30_000 },
    { kind: 'update', bundle: { release: envelope, manifests: [] } },
    { kind: 'need', digests: [digest] },
  ];
  it.each(messages)('$kind', (message) => {
    expect(downlink(fromCollectorMessage(message))).toEqual(message);
  });
});

function codeOf(act: () => unknown): ErrorCode | undefined {
  try {
    act();
  } catch (error) {
    return isCoded(error) ? error.code : undefined;
  }
  return undefined;
}

const wireHello = fromAgentMessage(hello).hello!;
const bodies = (...list: { digest: string; deflated: Buffer }[]): AttestRequestInput => ({ bodies: { bodies: list } });
const deflated = deflateRawSync(body.bytes);
const bomb = deflateRawSync(Buffer.alloc(50_000_000));
const bodyOf = (bytes: Buffer): { digest: string; deflated: Buffer } => ({
  digest: sha256(bytes),
  deflated: deflateRawSync(bytes),
});
const largestBody = bodyOf(Buffer.alloc(MAX_BODY_BYTES));

describe('a message from a hostile agent is refused', () => {
  it.each<[string, AttestRequestInput, ErrorCode]>([
    ['of no kind', {}, 'statement.malformed'],
    ['a deflate bomb', bodies({ digest: sha256(Buffer.alloc(50_000_000)), deflated: bomb }), 'limit.exceeded'],
    ['a body one byte over its limit', bodies(bodyOf(Buffer.alloc(MAX_BODY_BYTES + 1))), 'limit.exceeded'],
    [
      'many bodies, each at its limit',
      bodies(...Array.from({ length: MAX_BODIES_BYTES / MAX_BODY_BYTES + 1 }, () => largestBody)),
      'limit.exceeded',
    ],
    ['a body under the name of another', bodies({ digest, deflated }), 'statement.malformed'],
    ['a body without a name', bodies({ digest: 'sha256:abc', deflated }), 'statement.malformed'],
    ['a body that is not deflate', bodies({ digest: body.digest, deflated: body.bytes }), 'statement.malformed'],
    [
      'more bodies than a host has subjects',
      bodies(...Array.from({ length: 2001 }, () => ({ digest: body.digest, deflated }))),
      'limit.exceeded',
    ],
    ['a report without an envelope', { report: { bodies: [] } }, 'envelope.malformed'],
    [
      'a seal over its limit',
      { seal: { envelope: { ...envelope, signatures: [...envelope.signatures], payload: Buffer.alloc(5000) } } },
      'statement.too-large',
    ],
    ['an envelope nobody signed', { seal: { envelope: { ...envelope, signatures: [] } } }, 'envelope.malformed'],
    ['an instance of another shape', { hello: { ...wireHello, instance: 'me' } }, 'statement.malformed'],
    ['a heartbeat every 0 ms', { hello: { ...wireHello, heartbeatIntervalMs: 0 } }, 'statement.malformed'],
    ['a head without sequence', { hello: { ...wireHello, head: { epoch: 1, digest } } }, 'statement.malformed'],
    ['a heartbeat at no time', { heartbeat: { nextScanInMs: 1, at: 'now' } }, 'statement.malformed'],
  ])('%s', (_, message, code) => {
    expect(codeOf(() => uplink(message))).toBe(code);
  });

  it('with every wrong field named at once', () => {
    const message = { hello: { ...wireHello, instance: 'me', scanIntervalMs: 0, protocolVersions: [] } };
    expect(() => uplink(message)).toThrow(/protocolVersions.*instance.*scanIntervalMs/s);
  });
});

it('reads bodies up to the limit of all together', () => {
  const count = MAX_BODIES_BYTES / MAX_BODY_BYTES;
  const message = uplink(bodies(...Array.from({ length: count }, () => largestBody)));
  expect(message.kind === 'bodies' && message.bodies.length).toBe(count);
});

describe('a collector that breaks the protocol is named as such', () => {
  it.each<[string, AttestResponseInput]>([
    ['no kind', {}],
    ['a welcome without credit', { welcome: { protocolVersion: 1, serverTime: at, credit: 0 } }],
    ['an acknowledgement of unknown outcome', { ack: { kind: 'REPORT', epoch: 1, sequence: 1, digest } }],
    ['a challenge without nonce', { challenge: { nonce: '', deadlineMs: 1 } }],
    ['an update without release', { update: {} }],
    ['a need that names no digest', { need: { digests: ['x'] } }],
  ])('%s', (_, message) => {
    expect(codeOf(() => downlink(message))).toBe('collector.protocol');
  });
});
