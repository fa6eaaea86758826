import { isAbsolute } from 'node:path';
import { LOG_LEVELS } from '@sealwatch/shared/runtime/log.js';
import { type Decoder, decodeYaml, mapping, optional, REFUSED, refuse } from '@sealwatch/shared/yaml/yaml-decoder.js';
import { parseYamlSource } from '@sealwatch/shared/yaml/yaml-source.js';
import { count, oneOf, percentage, size, text } from '@sealwatch/shared/yaml/yaml-values.js';
import { type BudgetLimits, DEFAULT_BUDGET_LIMITS } from '../budget/budget-limits.js';
import { DEFAULT_HOST_ROOT } from '../measure/host/require-host-root.js';
import { DEFAULT_CONTAINERD_SOCKET } from '../measure/image/connect-containerd.js';
import { DEFAULT_OUTBOX_BOUNDS, type OutboxBounds } from '../outbox/outbox.js';
import { DEFAULT_STATE_DIR } from '../state/state-paths.js';
import type { AgentConfig } from './agent-config.js';

export const MAX_AGENT_YAML_BYTES: number = 64 * 1024;

const MOST_ENTRIES = 100_000;
const MOST_BYTES: number = 16 * 1024 ** 3;
/** Room for the largest report and its measurements. */
const LEAST_BYTES: number = 4 * 1024 ** 2;

/** agent.yaml, with a default for each setting. @throws CodedError('config.invalid') naming every problem with its line */
export function parseAgentYaml(bytes: Uint8Array, what: string): AgentConfig {
  return decodeYaml(parseYamlSource(bytes, { what, maxBytes: MAX_AGENT_YAML_BYTES }), agent);
}

const absolutePath: Decoder<string> = (at) => {
  const path = text({ what: 'an absolute path', maxLength: 4096 })(at);
  return path === REFUSED || isAbsolute(path) ? path : refuse(at, 'must be an absolute path');
};

const outbox: Decoder<OutboxBounds> = mapping<OutboxBounds>({
  maxEntries: optional(count({ min: 1, max: MOST_ENTRIES }), DEFAULT_OUTBOX_BOUNDS.maxEntries),
  maxBytes: optional(count({ min: LEAST_BYTES, max: MOST_BYTES }), DEFAULT_OUTBOX_BOUNDS.maxBytes),
});

interface BudgetMapping {
  /** Of one core. */
  readonly cpu: number;
  /** Bytes a second. */
  readonly read: number;
}

const DEFAULT_BUDGET: BudgetMapping = {
  cpu: DEFAULT_BUDGET_LIMITS.cpuShare,
  read: DEFAULT_BUDGET_LIMITS.bytesPerSecond,
};

const budgetMapping: Decoder<BudgetMapping> = mapping<BudgetMapping>({
  cpu: optional(percentage({ min: 1, max: 100 }), DEFAULT_BUDGET.cpu),
  read: optional(size({ minMiB: 1, maxMiB: 102_400 }), DEFAULT_BUDGET.read),
});

const budget: Decoder<BudgetLimits> = (at) => {
  const limits = budgetMapping(at);
  return limits === REFUSED ? REFUSED : { cpuShare: limits.cpu, bytesPerSecond: limits.read };
};

const agent: Decoder<AgentConfig> = mapping<AgentConfig>({
  stateDir: optional(absolutePath, DEFAULT_STATE_DIR),
  hostRoot: optional(absolutePath, DEFAULT_HOST_ROOT),
  containerdSocket: optional(absolutePath, DEFAULT_CONTAINERD_SOCKET),
  logLevel: optional(oneOf(LOG_LEVELS), 'info'),
  outbox: optional(outbox, DEFAULT_OUTBOX_BOUNDS),
  budget: optional(budget, DEFAULT_BUDGET_LIMITS),
});
