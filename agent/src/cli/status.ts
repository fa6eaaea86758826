import type { Io } from '@sealwatch/shared/cli/io.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { Command, Option } from 'commander';
import { loadAgentConfig } from '../config/load-agent-config.js';
import { agentStatus } from '../status/agent-status.js';
import { renderStatus } from '../status/render-status.js';
import { DEFAULT_STATE_DIR } from '../state/state-paths.js';

interface StatusOptions {
  readonly config?: string;
  readonly stateDir?: string;
  readonly output: 'text' | 'json';
}

const EXAMPLE = `
Example:
  sealwatch-agent status --output json

Exit status: 0 it could be told (whatever it is), 2 this host is not enrolled or its state can't be read.`;

export function statusCommand(io: Io): Command {
  return new Command('status')
    .description("Show this host's enrolment, chain, outbox, certificates and last scan")
    .option('--config <file>', 'configuration file (default: /etc/sealwatch/agent.yaml)')
    .option('--state-dir <dir>', `the agent's state directory (default: ${DEFAULT_STATE_DIR})`)
    .addOption(new Option('--output <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLE)
    .action(async (options: StatusOptions) => {
      const { stateDir } = await loadAgentConfig(options, io.cwd);
      const status = await agentStatus(stateDir, systemClock);
      io.out.write(options.output === 'json' ? jsonText(status) : renderStatus(status));
    });
}
