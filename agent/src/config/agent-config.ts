import { isAbsolute } from 'node:path';
import { LOG_LEVELS, type LogLevel } from '@sealwatch/shared/runtime/log.js';
import { Problems } from '@sealwatch/shared/runtime/problems.js';
import { DEFAULT_HOST_ROOT } from '../measure/host/require-host-root.js';
import { DEFAULT_OUTBOX_BOUNDS, type OutboxBounds } from '../outbox/outbox.js';
import { DEFAULT_STATE_DIR } from '../state/state-paths.js';

/** How this agent runs. What it measures and how often is not its own to say: that is in the release. */
export interface AgentConfig {
  readonly stateDir: string;
  /** Where the host's file system is seen from here. */
  readonly hostRoot: string;
  readonly logLevel: LogLevel;
  readonly outbox: OutboxBounds;
}

/** What a file or flags say: only what they name. */
export interface AgentSettings {
  readonly stateDir?: string;
  readonly hostRoot?: string;
  readonly logLevel?: string;
  readonly outbox?: { readonly maxEntries?: number; readonly maxBytes?: number };
}

const MOST_ENTRIES = 100_000;
const MOST_BYTES: number = 16 * 1024 ** 3;
/** Room for the largest report and its measurements. */
const LEAST_BYTES: number = 4 * 1024 ** 2;

/**
 * Defaults < file < flags.
 * @throws CodedError('config.invalid') naming every problem
 */
export function agentConfig(file: AgentSettings, flags: AgentSettings, what: string): AgentConfig {
  const settings = { ...file, ...flags, outbox: { ...DEFAULT_OUTBOX_BOUNDS, ...file.outbox, ...flags.outbox } };
  const { stateDir = DEFAULT_STATE_DIR, hostRoot = DEFAULT_HOST_ROOT, logLevel = 'info', outbox } = settings;
  const problems = new Problems();
  if (!isAbsolute(stateDir)) problems.add('stateDir', 'must be an absolute path');
  if (!isAbsolute(hostRoot)) problems.add('hostRoot', 'must be an absolute path');
  if (!isLogLevel(logLevel)) problems.add('logLevel', `must be one of ${LOG_LEVELS.join(', ')}`);
  requireBetween(problems, 'outbox.maxEntries', outbox.maxEntries, [1, MOST_ENTRIES]);
  requireBetween(problems, 'outbox.maxBytes', outbox.maxBytes, [LEAST_BYTES, MOST_BYTES]);
  problems.throwIfAny('config.invalid', what);
  return { stateDir, hostRoot, logLevel: logLevel as LogLevel, outbox };
}

function isLogLevel(text: string): text is LogLevel {
  return (LOG_LEVELS as readonly string[]).includes(text);
}

function requireBetween(problems: Problems, path: string, value: number, [low, high]: [number, number]): void {
  if (Number.isSafeInteger(value) && value >= low && value <= high) return;
  problems.add(path, `must be a whole number from ${String(low)} to ${String(high)}`);
}
