import type { Io } from '@sealwatch/shared/cli/io.js';
import { ExitStatus } from '@sealwatch/shared/cli/run-program.js';
import { useColor } from '@sealwatch/shared/cli/use-color.js';
import { checkPasses } from '@sealwatch/shared/check/check-passes.js';
import { statusMark, statusOfVerdict } from '@sealwatch/shared/check/status-mark.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { EXIT } from '@sealwatch/shared/runtime/exit-code.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import { type Mode, MODES } from '@sealwatch/shared/trust/inception.js';
import type { ClusterStatus } from '@sealwatch/shared/wire/generated/sealwatch/v1/ClusterStatus.js';
import { Command } from 'commander';
import { asking, type ConnectOptions, withConnectOptions } from './connect.js';
import { type OutputOptions, withOutputOption } from './output-option.js';
import { wireVerdict } from './wire-verdict.js';

/** `sealwatch status` */
export function statusCommand(io: Io): Command {
  const command = new Command('status').description(
    "the cluster's standing as the collector knows it, without asking hosts",
  );
  return withConnectOptions(withOutputOption(command))
    .addHelpText('after', HELP)
    .action(async (options: ConnectOptions & OutputOptions) => {
      const status = await asking(io, options, (connection) =>
        connection.ask<ClusterStatus>((client, call, done) => client.getStatus({}, call, done)),
      );
      const verdict = wireVerdict(status.verdict);
      const mode = wireMode(status.mode);
      io.out.write(
        options.output === 'json'
          ? jsonText({ schema: 'sealwatch/status/v1', ...status, verdict, mode })
          : statusText(status, useColor(io)),
      );
      if (!checkPasses({ verdict, cluster: { mode } })) throw new ExitStatus(EXIT.no);
    });
}

const HELP = `
Exit status: 0 if the cluster is compliant, 1 if it is not or that is not known, 3 if the collector can't be reached.

Examples:
  $ sealwatch status
  $ sealwatch status --output json | jq .noncompliant`;

function statusText(status: ClusterStatus, color: boolean): string {
  const { declared, compliant, noncompliant, unknown, connected, releaseVersion } = status;
  const release = releaseVersion === 0 ? 'no release' : `release ${String(releaseVersion)}`;
  const counts = [
    `${String(compliant)} compliant`,
    `${String(noncompliant)} noncompliant`,
    `${String(unknown)} unknown`,
  ];
  return [
    ...(status.demonstration ? ['DEMONSTRATION POLICY: host FIPS mode is only a warning here', ''] : []),
    `Cluster: ${printable(status.clusterName)} [${printable(status.clusterId)}], mode ${printable(status.mode)}, ${release}`,
    `Verdict: ${status.verdict} ${statusMark(statusOfVerdict(wireVerdict(status.verdict)), color)}`,
    `Hosts: ${String(declared)} declared, ${String(connected)} connected; ${counts.join(', ')}`,
    `As of: ${printable(status.at)}, collector ${printable(status.collectorVersion)}`,
    '',
  ].join('\n');
}

function wireMode(text: string): Mode {
  const mode = MODES.find((known) => known === text);
  if (mode !== undefined) return mode;
  throw new CodedError('collector.protocol', `the collector says mode "${text}", which this version does not know`);
}
