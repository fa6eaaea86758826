import { LOG_LEVELS, type LogLevel } from '@sealwatch/shared/runtime/log.js';
import { DEFAULT_DOOR_LIMITS, type DoorLimits } from '../api/door-limits.js';
import { type Decoder, decodeYaml, mapping, optional } from '@sealwatch/shared/yaml/yaml-decoder.js';
import { parseYamlSource } from '@sealwatch/shared/yaml/yaml-source.js';
import { address, count, duration, oneOf } from '@sealwatch/shared/yaml/yaml-values.js';

/** collector.yaml as a person writes it. */
export interface CollectorYaml {
  readonly listen: string;
  readonly enrollListen: string;
  readonly logLevel: LogLevel;
  readonly limits: DoorLimits;
}

export const MAX_COLLECTOR_YAML_BYTES: number = 64 * 1024;

const DEFAULT_LIMITS: LimitsYaml = {
  maxConnections: DEFAULT_DOOR_LIMITS.maxConnections,
  maxEnrollConnections: DEFAULT_DOOR_LIMITS.maxEnrollConnections,
  maxHandshakes: DEFAULT_DOOR_LIMITS.maxHandshakes,
  handshakeTimeout: DEFAULT_DOOR_LIMITS.handshakeTimeoutMs,
  callsPerSecond: DEFAULT_DOOR_LIMITS.calls.perSecond,
  messagesPerSecond: DEFAULT_DOOR_LIMITS.messages.perSecond,
  enrollmentsPerSecond: DEFAULT_DOOR_LIMITS.enrollments.perSecond,
};

/** @throws CodedError('config.invalid') naming every wrong, unknown or misspelt setting with its line */
export function parseCollectorYaml(bytes: Uint8Array, what: string): CollectorYaml {
  const source = parseYamlSource(bytes, { what, maxBytes: MAX_COLLECTOR_YAML_BYTES });
  const { limits, ...rest } = decodeYaml(source, collector);
  return { ...rest, limits: doorLimits(limits) };
}

interface LimitsYaml {
  readonly maxConnections: number;
  readonly maxEnrollConnections: number;
  readonly maxHandshakes: number;
  readonly handshakeTimeout: number;
  readonly callsPerSecond: number;
  readonly messagesPerSecond: number;
  readonly enrollmentsPerSecond: number;
}

const connections = count({ min: 1, max: 1_000_000 });
const perSecond = count({ min: 1, max: 1_000_000 });

const limits: Decoder<LimitsYaml> = mapping<LimitsYaml>({
  maxConnections: optional(connections, DEFAULT_LIMITS.maxConnections),
  maxEnrollConnections: optional(connections, DEFAULT_LIMITS.maxEnrollConnections),
  maxHandshakes: optional(connections, DEFAULT_LIMITS.maxHandshakes),
  handshakeTimeout: optional(duration({ min: 100, max: 120_000 }), DEFAULT_LIMITS.handshakeTimeout),
  callsPerSecond: optional(perSecond, DEFAULT_LIMITS.callsPerSecond),
  messagesPerSecond: optional(perSecond, DEFAULT_LIMITS.messagesPerSecond),
  enrollmentsPerSecond: optional(perSecond, DEFAULT_LIMITS.enrollmentsPerSecond),
});

const collector: Decoder<Omit<CollectorYaml, 'limits'> & { readonly limits: LimitsYaml }> = mapping({
  listen: optional(address, '0.0.0.0:7443'),
  enrollListen: optional(address, '0.0.0.0:7444'),
  logLevel: optional(oneOf(LOG_LEVELS), 'info'),
  limits: optional(limits, DEFAULT_LIMITS),
});

function doorLimits({ handshakeTimeout, ...yaml }: LimitsYaml): DoorLimits {
  // a lower rate has a lower burst, in the proportion of the defaults
  const rate = (perSecond: number, usual: DoorLimits['calls']): DoorLimits['calls'] => ({
    perSecond,
    burst: Math.ceil((perSecond * usual.burst) / usual.perSecond),
  });
  return {
    ...DEFAULT_DOOR_LIMITS,
    maxConnections: yaml.maxConnections,
    maxEnrollConnections: yaml.maxEnrollConnections,
    maxHandshakes: yaml.maxHandshakes,
    handshakeTimeoutMs: handshakeTimeout,
    calls: rate(yaml.callsPerSecond, DEFAULT_DOOR_LIMITS.calls),
    messages: rate(yaml.messagesPerSecond, DEFAULT_DOOR_LIMITS.messages),
    enrollments: rate(yaml.enrollmentsPerSecond, DEFAULT_DOOR_LIMITS.enrollments),
  };
}
