import type { Io } from '@sealwatch/shared/cli/io.js';
import { ExitStatus } from '@sealwatch/shared/cli/run-program.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { EXIT } from '@sealwatch/shared/runtime/exit-code.js';
import { writesToJournal } from '@sealwatch/shared/runtime/journal.js';
import { createLogger, LOG_LEVELS } from '@sealwatch/shared/runtime/log.js';
import { Command, Option } from 'commander';
import { composeAgent } from '../compose-agent.js';
import { type AgentFlags, loadAgentConfig } from '../config/load-agent-config.js';
import { DEFAULT_HOST_ROOT } from '../measure/host/require-host-root.js';
import { DEFAULT_CONTAINERD_SOCKET } from '../measure/image/connect-containerd.js';
import { DEFAULT_STATE_DIR } from '../state/state-paths.js';
import { durationOption } from './duration-option.js';

interface RunFlags extends AgentFlags {
  readonly once?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
}

const ONCE_MS = 5 * 60_000;

const EXAMPLE = `
Examples:
  sealwatch-agent run
  sealwatch-agent run --state-dir /var/lib/sealwatch-agent --host-root /proc/1/root --log-level debug
  sealwatch-agent run --once --timeout 10m

Stops cleanly on SIGTERM: a last scan is signed and what waits is delivered, within seconds.
Exit status: 0 after a clean stop, 1 or 2 if it can't run or must not go on. With --once: 0 the collector has it all,
1 the scan failed or something could not be delivered in time, 2 it can't run.`;

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
    .option('--once', 'look at the whole host once, deliver that and what waits, and end')
    .addOption(
      durationOption('--timeout <duration>', 'how long --once may take, all in all (default: 5m)', {
        minMs: 1000,
        maxMs: 86_400_000,
        bounds: '1s to 24h',
      }),
    )
    .addHelpText('after', EXAMPLE)
    .action(async ({ once, timeout, ...flags }: RunFlags) => {
      if (once !== true && timeout !== undefined) {
        throw new CodedError('usage.invalid', '--timeout is for --once; without it the agent runs until stopped');
      }
      const config = await loadAgentConfig(flags, io.cwd);
      const log = createLogger({
        program: 'sealwatch-agent',
        level: config.logLevel,
        destination: io.err,
        toJournal: writesToJournal(io.env),
      });
      const agent = await composeAgent(config, log);
      if (once !== true) {
        await agent.run(io.signal);
        return;
      }
      const outcome = await agent.runOnce({ timeoutMs: timeout ?? ONCE_MS, signal: io.signal });
      if (outcome.state === 'delivered') return;
      log.error({ reason: outcome.reason }, 'Not delivered');
      throw new ExitStatus(EXIT.no);
    });
}
