import { CodedError } from '../runtime/coded-error.js';
import { Problems } from '../runtime/problems.js';
import { isTimestamp } from '../runtime/timestamp.js';
import { MAX_REPORT_BYTES } from '../statement/report.js';
import { MAX_SEAL_BYTES } from '../statement/seal.js';
import type { AgentMessage } from './attest-messages.js';
import { fromBodies, toBodies } from './body-wire.js';
import { fromEnvelope, toEnvelope } from './envelope-wire.js';
import type { AttestRequest, AttestRequestInput } from './generated/sealwatch/v1/AttestRequest.js';
import type { Heartbeat } from './generated/sealwatch/v1/Heartbeat.js';
import type { Hello } from './generated/sealwatch/v1/Hello.js';
import { fromHead, toHead } from './head-wire.js';
import { MAX_PROTOCOL_VERSIONS } from './wire-limits.js';

/** Announced intervals: a week is the longest a policy can ask for (trust/policy.ts). */
const MAX_INTERVAL_MS = 7 * 86_400_000;

/** @throws CodedError('statement.malformed' | 'statement.too-large' | 'envelope.malformed' | 'limit.exceeded') */
export function toAgentMessage(wire: AttestRequest): AgentMessage {
  const { message } = wire;
  if (message === undefined) {
    throw new CodedError('statement.malformed', 'a message of the agent is of no kind this version knows');
  }
  switch (message) {
    case 'hello':
      return toHello(present(wire.hello));
    case 'report': {
      const { envelope, bodies } = present(wire.report);
      return {
        kind: 'report',
        envelope: toEnvelope(envelope, { what: 'the report', maxPayloadBytes: MAX_REPORT_BYTES }),
        bodies: toBodies(bodies),
      };
    }
    case 'seal': {
      const { envelope } = present(wire.seal);
      return { kind: 'seal', envelope: toEnvelope(envelope, { what: 'the seal', maxPayloadBytes: MAX_SEAL_BYTES }) };
    }
    case 'bodies':
      return { kind: 'bodies', bodies: toBodies(present(wire.bodies).bodies) };
    case 'heartbeat':
      return toHeartbeat(present(wire.heartbeat));
  }
}

export function fromAgentMessage(message: AgentMessage): AttestRequestInput {
  switch (message.kind) {
    case 'hello': {
      const { agentVersion, instance, heartbeatIntervalMs, scanIntervalMs, releaseVersion } = message;
      const protocolVersions = [...message.protocolVersions];
      const head = fromHead(message.head);
      return {
        hello: { protocolVersions, agentVersion, instance, heartbeatIntervalMs, scanIntervalMs, head, releaseVersion },
      };
    }
    case 'report':
      return { report: { envelope: fromEnvelope(message.envelope), bodies: fromBodies(message.bodies) } };
    case 'seal':
      return { seal: { envelope: fromEnvelope(message.envelope) } };
    case 'bodies':
      return { bodies: { bodies: fromBodies(message.bodies) } };
    case 'heartbeat':
      return { heartbeat: { head: fromHead(message.head), nextScanInMs: message.nextScanInMs, at: message.at } };
  }
}

function toHello(wire: Hello): AgentMessage {
  const { protocolVersions, agentVersion, instance, heartbeatIntervalMs, scanIntervalMs, releaseVersion } = wire;
  const problems = new Problems();
  if (protocolVersions.length === 0 || protocolVersions.length > MAX_PROTOCOL_VERSIONS) {
    problems.add('protocolVersions', `must be 1 to ${String(MAX_PROTOCOL_VERSIONS)}`);
  }
  if (agentVersion.length > 64) problems.add('agentVersion', 'must have at most 64 characters');
  if (!/^[0-9a-f]{32}$/.test(instance)) problems.add('instance', 'must be 32 lower-case hex digits');
  requireInterval(problems, 'heartbeatIntervalMs', heartbeatIntervalMs);
  requireInterval(problems, 'scanIntervalMs', scanIntervalMs);
  const head = toHead(wire.head, 'head', problems);
  problems.throwIfAny('statement.malformed', "the agent's hello");
  return {
    kind: 'hello',
    protocolVersions,
    agentVersion,
    instance,
    heartbeatIntervalMs,
    scanIntervalMs,
    head,
    releaseVersion,
  };
}

function toHeartbeat(wire: Heartbeat): AgentMessage {
  const problems = new Problems();
  const head = toHead(wire.head, 'head', problems);
  if (!isTimestamp(wire.at)) problems.add('at', 'must be RFC 3339, UTC, with milliseconds');
  if (wire.nextScanInMs > MAX_INTERVAL_MS) problems.add('nextScanInMs', 'must be at most a week');
  problems.throwIfAny('statement.malformed', 'a heartbeat');
  return { kind: 'heartbeat', head, nextScanInMs: wire.nextScanInMs, at: wire.at };
}

function requireInterval(problems: Problems, path: string, value: number): void {
  if (value < 1 || value > MAX_INTERVAL_MS) problems.add(path, 'must be 1 ms to a week');
}

function present<T>(field: T | null | undefined): T {
  if (field === null || field === undefined)
    throw new CodedError('statement.malformed', 'a message of the agent is empty');
  return field;
}
