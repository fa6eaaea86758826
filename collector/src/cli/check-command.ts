import { checkJson } from '@sealwatch/shared/check/check-json.js';
import { checkPasses } from '@sealwatch/shared/check/check-passes.js';
import { renderCheck } from '@sealwatch/shared/check/render-check.js';
import { asOfOption } from '@sealwatch/shared/cli/as-of-option.js';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { ExitStatus } from '@sealwatch/shared/cli/run-program.js';
import { useColor } from '@sealwatch/shared/cli/use-color.js';
import type { CalendarDate } from '@sealwatch/shared/cmvp/calendar-date.js';
import { isCoded, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { EXIT } from '@sealwatch/shared/runtime/exit-code.js';
import { Command, Option } from 'commander';
import { askForCheck, type CheckQuestion } from './ask-for-check.js';
import { asking, type ConnectOptions, withConnectOptions } from './connect.js';
import { durationBetween, hostNames } from './option-values.js';
import { type OutputOptions, withOutputOption } from './output-option.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

type CheckOptions = ConnectOptions &
  OutputOptions & {
    readonly host: readonly string[];
    readonly cached: boolean;
    readonly timeout: number;
    readonly asOf?: CalendarDate;
  };

/** `sealwatch check fips` */
export function checkCommand(io: Io): Command {
  const fips = new Command('fips')
    .description('have every host verify itself now, and print the answer')
    .option('--host <name>', 'print and ask only this host; may be repeated', hostNames, [])
    .option('--cached', 'judge the last signed evidence without asking the hosts', false)
    .addOption(
      new Option('--timeout <duration>', 'how long to wait for the hosts')
        .argParser(durationBetween(SECOND, HOUR, 'from 1s to 1h'))
        .default(60 * SECOND, '60s'),
    )
    .addOption(asOfOption());
  withConnectOptions(withOutputOption(fips))
    .addHelpText('after', HELP)
    .action((options: CheckOptions) => checkFips(io, options));
  return new Command('check').description('verify the cluster on demand').addCommand(fips);
}

const HELP = `
Exit status: 0 only if the whole cluster is compliant and in FIPS mode; 1 if not, if that is not known, or if the
collector can't be reached; 2 for wrong usage. No option changes it; with --host the verdict is the cluster's too.
--as-of decides only for which day certificates are judged, which counts where the policy requires active ones.

Examples:
  $ sealwatch check fips
  $ sealwatch check fips --host 172.17.0.7 --timeout 2m
  $ sealwatch check fips --output json | jq .verdict`;

async function checkFips(io: Io, options: CheckOptions): Promise<void> {
  const question: CheckQuestion = {
    hosts: options.host,
    cached: options.cached,
    timeoutMs: options.timeout,
    asOf: options.asOf ?? null,
  };
  let result;
  try {
    result = await asking(io, options, (connection) => askForCheck(io, connection, question));
  } catch (error) {
    // an unreachable cluster is not a passing one: the answer is no (1), not "ask again" (3)
    if (isCoded(error, 'collector.unreachable')) throw new Error(reasonOf(error), { cause: error });
    throw error;
  }
  io.out.write(options.output === 'json' ? checkJson(result) : renderCheck(result, { color: useColor(io) }));
  if (!checkPasses(result)) throw new ExitStatus(EXIT.no);
}
