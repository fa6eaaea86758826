import type { Io } from '@sealwatch/shared/cli/io.js';
import { createLogger, LOG_LEVELS } from '@sealwatch/shared/runtime/log.js';
import { Command, Option } from 'commander';
import { composeAgent } from '../compose-agent.js';
import { type AgentFlags, loadAgentConfig } from '../config/load-agent-config.js';
import { DEFAULT_HOST_ROOT } from '../measure/host/require-host-root.js';
import { DEFAULT_CONTAINERD_SOCKET } from '../measure/image/connect-containerd.js';
import { DEFAULT_STATE_DIR } from '../state/state-paths.js';

const EXAMPLE = `
Examples:
  sealwatch-agent run
  sealwatch-agent run --state-dir /var/lib/sealwatch-agent --host-root /proc/1/root --log-level debug

Stops cleanly on SIGTERM: a last scan is signed and what waits is delivered, within seconds.
Exit status: 0 after a clean stop, 1 or 2 if it can't run or must not go on.`;

export function runCommand(io: Io): Command {
  return new Command('run')
    .description('Watch this host and report to the collector until stopped')
    .option('--config <file>', 'configuration file (default: /etc/sealwatch/agent.yaml)')
    .option('--state-dir <dir>', `the agent's state directory (default: ${DEFAULT_STATE_DIR})`)
    .option('--host-root <dir>', `where the host is seen from here (default: ${DEFAULT_HOST_ROOT})`)
    .option(
      '--containerd-socket <path>',
      `containerd's socket, as the host has it (default: ${DEFAULT_CONTAINERD_SOCKET})`,
    )
    .addOption(new Option('--log-level <level>', 'how much to log').choices(LOG_LEVELS))
    .addHelpText('after', EXAMPLE)
    .action(async (flags: AgentFlags) => {
      const config = await loadAgentConfig(flags, io.cwd);
      const log = createLogger({ program: 'sealwatch-agent', level: config.logLevel, destination: io.err });
      const agent = await composeAgent(config, log);
      await agent.run(io.signal);
    });
}
