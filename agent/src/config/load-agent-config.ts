import { resolve } from 'node:path';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { LogLevel } from '@sealwatch/shared/runtime/log.js';
import { readInputIfThere } from '@sealwatch/shared/runtime/read-input.js';
import type { AgentConfig } from './agent-config.js';
import { MAX_AGENT_YAML_BYTES, parseAgentYaml } from './parse-agent-yaml.js';

const DEFAULT_CONFIG_FILE = '/etc/sealwatch/agent.yaml';

/** As they come from the command line. */
export interface AgentFlags {
  /** Path of the configuration file. */
  readonly config?: string;
  readonly stateDir?: string;
  readonly hostRoot?: string;
  /** As the host has it, not as it is seen from here. */
  readonly containerdSocket?: string;
  readonly logLevel?: LogLevel;
}

/**
 * Defaults, then the file, then flags. Paths on the command line are seen from where it was typed.
 * @throws CodedError('config.missing' | 'config.invalid' | 'file.unreadable')
 */
export async function loadAgentConfig(flags: AgentFlags, cwd: string): Promise<AgentConfig> {
  const file = flags.config === undefined ? DEFAULT_CONFIG_FILE : resolve(cwd, flags.config);
  const bytes = await readInputIfThere(file, MAX_AGENT_YAML_BYTES);
  // the default file may be missing; one that was asked for may not
  if (bytes === undefined && flags.config !== undefined) {
    throw new CodedError('config.missing', `there is no configuration file ${file}`);
  }
  const settings = parseAgentYaml(bytes ?? Buffer.alloc(0), file);
  const { stateDir, hostRoot, containerdSocket, logLevel } = flags;
  return {
    ...settings,
    ...(stateDir === undefined ? {} : { stateDir: resolve(cwd, stateDir) }),
    ...(hostRoot === undefined ? {} : { hostRoot: resolve(cwd, hostRoot) }),
    ...(containerdSocket === undefined ? {} : { containerdSocket: resolve('/', containerdSocket) }),
    ...(logLevel === undefined ? {} : { logLevel }),
  };
}
