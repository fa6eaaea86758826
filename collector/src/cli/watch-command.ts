import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { jsonLine } from '@sealwatch/shared/runtime/json-text.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import type { PostureChange } from '@sealwatch/shared/wire/generated/sealwatch/v1/PostureChange.js';
import type { ClusterStatus } from '@sealwatch/shared/wire/generated/sealwatch/v1/ClusterStatus.js';
import { Command } from 'commander';
import { asking, type ConnectOptions, withConnectOptions } from './connect.js';
import type { OperatorConnection } from '../operator/operator-connection.js';
import { type Output, type OutputOptions, withOutputOption } from './output-option.js';
import { orNull, wireVerdict } from './wire-verdict.js';

/** `sealwatch watch` */
export function watchCommand(io: Io): Command {
  const command = new Command('watch').description('print every change of a verdict as it happens, until Ctrl-C');
  return withConnectOptions(withOutputOption(command))
    .addHelpText('after', HELP)
    .action((options: ConnectOptions & OutputOptions) =>
      asking(io, options, (connection) => watch(io, connection, options.output)),
    );
}

const HELP = `
One line for each change; with --output json one JSON object on each line.
Exit status: 0 after Ctrl-C; 3 if the collector can't be reached or the connection breaks.

Examples:
  $ sealwatch watch
  $ sealwatch watch --output json | jq -c 'select(.verdict != "compliant")'`;

async function watch(io: Io, connection: OperatorConnection, output: Output): Promise<void> {
  try {
    // a stream has no deadline: this finds out whether anybody is there, and says where things stand
    const { verdict, at } = await connection.ask<ClusterStatus>((client, call, done) =>
      client.getStatus({}, call, done),
    );
    if (io.err.isTTY === true)
      io.err.write(`cluster ${wireVerdict(verdict)} at ${printable(at)}; waiting for changes\n`);
    for await (const change of connection.watch())
      io.out.write(output === 'json' ? changeJson(change) : changeText(change));
  } catch (error) {
    if (io.signal.aborted) return;
    throw error;
  }
  if (!io.signal.aborted) throw new CodedError('collector.unreachable', 'the collector ended the stream');
}

function changeText({ at, host, verdict, previousVerdict, reasons }: PostureChange): string {
  const who = host === '' ? 'cluster' : host;
  const why = reasons.length === 0 ? '' : `: ${reasons.map(printable).join('; ')}`;
  return `${printable(at)} ${printable(who)} ${wireVerdict(previousVerdict)} -> ${wireVerdict(verdict)}${why}\n`;
}

function changeJson({ at, host, verdict, previousVerdict, reasons }: PostureChange): string {
  return jsonLine({
    schema: 'sealwatch/posture-change/v1',
    at,
    host: orNull(host),
    verdict: wireVerdict(verdict),
    previousVerdict: wireVerdict(previousVerdict),
    reasons,
  });
}
