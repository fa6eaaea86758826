import type { Io } from '@sealwatch/shared/cli/io.js';
import { ExitStatus } from '@sealwatch/shared/cli/run-program.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { EXIT } from '@sealwatch/shared/runtime/exit-code.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { Command, Option } from 'commander';
import { loadAgentConfig } from '../config/load-agent-config.js';
import { agentStatus } from '../status/agent-status.js';
import { renderStatus } from '../status/render-status.js';
import { statusMetrics } from '../status/status-metrics.js';
import { DEFAULT_STATE_DIR } from '../state/state-paths.js';
import { durationOption } from './duration-option.js';

interface StatusOptions {
  readonly config?: string;
  readonly stateDir?: string;
  readonly maxAge?: number;
  readonly output: 'text' | 'json' | 'prometheus';
}

const EXAMPLE = `
Examples:
  sealwatch-agent status --max-age 30m
  sealwatch-agent status --output prometheus > /var/lib/node_exporter/sealwatch.prom.new

Findings on the host are no problem of the agent; \`sealwatch check fips\` judges those.

Exit status: 0 the agent does its work, 1 it does not (each problem is said), 2 this host is not enrolled or its state
can't be read.`;

export function statusCommand(io: Io): Command {
  return new Command('status')
    .description("Show this host's health, enrolment, chain, outbox, certificates, last scan and budget")
    .option('--config <file>', 'configuration file (default: /etc/sealwatch/agent.yaml)')
    .option('--state-dir <dir>', `the agent's state directory (default: ${DEFAULT_STATE_DIR})`)
    .addOption(
      durationOption('--max-age <duration>', 'how old the last good scan may be (default: two scan intervals)', {
        minMs: 1000,
        maxMs: 7 * 86_400_000,
        bounds: '1s to 7d',
      }),
    )
    .addOption(
      new Option('--output <format>', 'how to print it').choices(['text', 'json', 'prometheus']).default('text'),
    )
    .addHelpText('after', EXAMPLE)
    .action(async (options: StatusOptions) => {
      const { stateDir, outbox } = await loadAgentConfig(options, io.cwd);
      const status = await agentStatus({ stateDir, outbox, maxAgeMs: options.maxAge, clock: systemClock });
      switch (options.output) {
        case 'text':
          io.out.write(renderStatus(status));
          break;
        case 'json':
          io.out.write(jsonText(status));
          break;
        case 'prometheus':
          io.out.write(statusMetrics(status));
          break;
      }
      if (!status.healthy) throw new ExitStatus(EXIT.no);
    });
}
