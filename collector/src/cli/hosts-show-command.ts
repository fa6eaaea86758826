import { parseHostDocument } from '@sealwatch/shared/check/check-json.js';
import type { HostResult } from '@sealwatch/shared/check/check-result.js';
import { renderHost } from '@sealwatch/shared/check/render-host.js';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { ExitStatus } from '@sealwatch/shared/cli/run-program.js';
import { useColor } from '@sealwatch/shared/cli/use-color.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { EXIT } from '@sealwatch/shared/runtime/exit-code.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import type { CertificateSummary } from '@sealwatch/shared/wire/generated/sealwatch/v1/CertificateSummary.js';
import type { HostDetail } from '@sealwatch/shared/wire/generated/sealwatch/v1/HostDetail.js';
import type { HostSummary } from '@sealwatch/shared/wire/generated/sealwatch/v1/HostSummary.js';
import { Argument, Command } from 'commander';
import { asking, type ConnectOptions, withConnectOptions } from './connect.js';
import { hostSummaryJson } from './host-summary-json.js';
import { hostName } from './option-values.js';
import { type OutputOptions, withOutputOption } from './output-option.js';
import { textTable } from './text-table.js';
import { orNull, wireVerdict } from './wire-verdict.js';

/** `sealwatch hosts show NAME` */
export function hostsShowCommand(io: Io): Command {
  const command = new Command('show')
    .description('one host: its last evidence line by line, its standing, its certificates')
    .addArgument(new Argument('<name>', "the host's name as in cluster.yaml").argParser(hostName));
  return withConnectOptions(withOutputOption(command))
    .addHelpText('after', HELP)
    .action(async (name: string, options: ConnectOptions & OutputOptions) => {
      const detail = await asking(io, options, (connection) =>
        connection.ask<HostDetail>((client, call, done) => client.getHost({ name }, call, done)),
      );
      const { summary, certificates } = detail;
      if (summary === null) throw new CodedError('collector.protocol', 'the collector sent a host without a summary');
      const result = detail.result.length === 0 ? null : parseHostDocument(detail.result);
      io.out.write(
        options.output === 'json'
          ? hostJson(summary, result, certificates)
          : hostText(summary, result, certificates, useColor(io)),
      );
      if (wireVerdict(summary.verdict) !== 'compliant') throw new ExitStatus(EXIT.no);
    });
}

const HELP = `
Exit status: 0 if the host is compliant, 1 if it is not or that is not known.

Examples:
  $ sealwatch hosts show 172.17.0.7
  $ sealwatch hosts show 172.17.0.7 --output json | jq .summary.reasons`;

function hostJson(
  summary: HostSummary,
  result: HostResult | null,
  certificates: readonly CertificateSummary[],
): string {
  return jsonText({
    schema: 'sealwatch/host/v1',
    summary: hostSummaryJson(summary),
    result,
    certificates: certificates.map(({ revokedAt, ...certificate }) => ({
      ...certificate,
      revokedAt: orNull(revokedAt),
    })),
  });
}

function hostText(
  summary: HostSummary,
  result: HostResult | null,
  certificates: readonly CertificateSummary[],
  color: boolean,
): string {
  const { name, role, verdict, standing, epoch, sequence, lastHeardAt, evidenceAt, reasons } = summary;
  const facts = [
    ['Name', name],
    ['Role', role === '' ? 'undeclared' : role],
    ['Verdict', wireVerdict(verdict)],
    ['Standing', standing],
    ['Last heard', lastHeardAt === '' ? 'never' : lastHeardAt],
    ['Last evidence', evidenceAt === '' ? 'never' : `${evidenceAt}, report ${String(epoch)}/${String(sequence)}`],
    ...reasons.map((reason) => ['Reason', reason]),
  ].map(([label = '', value = '']) => `${`${label}:`.padEnd(15)}${printable(value)}`);
  const lines = result === null ? [] : ['', ...renderHost(result, { color, cached: true })];
  return `${[...facts, ...lines, ''].join('\n')}${certificatesText(certificates)}`;
}

function certificatesText(certificates: readonly CertificateSummary[]): string {
  if (certificates.length === 0) return '';
  const rows = certificates.map(({ purpose, epoch, serial, notBefore, notAfter, revokedAt }) => [
    purpose,
    String(epoch),
    serial,
    notBefore,
    notAfter,
    revokedAt,
  ]);
  return textTable(['CERTIFICATE', 'EPOCH', 'SERIAL', 'FROM', 'UNTIL', 'REVOKED'], rows);
}
