import { resolve } from 'node:path';
import { agentConfig, type AgentConfig, type AgentSettings } from './agent-config.js';
import { DEFAULT_CONFIG_FILE, readConfigFile } from './read-config-file.js';

export interface AgentFlags extends Pick<AgentSettings, 'stateDir' | 'hostRoot' | 'logLevel'> {
  /** Path of the configuration file. */
  readonly config?: string;
}

/**
 * Defaults < file < flags. Paths on the command line are seen from where it was typed.
 * @throws CodedError('config.missing' | 'config.invalid' | 'file.unreadable')
 */
export async function loadAgentConfig(flags: AgentFlags, cwd: string): Promise<AgentConfig> {
  const path = flags.config === undefined ? undefined : resolve(cwd, flags.config);
  const file = await readConfigFile(path);
  const { stateDir, hostRoot, logLevel } = flags;
  const given: AgentSettings = {
    ...(stateDir === undefined ? {} : { stateDir: resolve(cwd, stateDir) }),
    ...(hostRoot === undefined ? {} : { hostRoot: resolve(cwd, hostRoot) }),
    ...(logLevel === undefined ? {} : { logLevel }),
  };
  return agentConfig(file, given, `configuration (${path ?? DEFAULT_CONFIG_FILE} and flags)`);
}
