import type { Io } from '@sealwatch/shared/cli/io.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import type { HistoryEntry } from '@sealwatch/shared/wire/generated/sealwatch/v1/HistoryEntry.js';
import type { ListHistoryResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListHistoryResponse.js';
import { Argument, Command } from 'commander';
import { allPages } from './all-pages.js';
import { asking, type ConnectOptions, withConnectOptions } from './connect.js';
import type { OperatorConnection } from '../operator/operator-connection.js';
import { hostName, wholeNumber } from './option-values.js';
import { type OutputOptions, withOutputOption } from './output-option.js';
import { textTable } from './text-table.js';
import { orNull } from './wire-verdict.js';

const MAX_PAGE_SIZE = 500;

/** `sealwatch history HOST` */
export function historyCommand(io: Io): Command {
  const command = new Command('history')
    .description('what a host reported and what happened to it, newest first')
    .addArgument(new Argument('<host>', "the host's name as in cluster.yaml").argParser(hostName))
    .option('--limit <number>', 'how many entries', wholeNumber, 50);
  return withConnectOptions(withOutputOption(command))
    .addHelpText('after', HELP)
    .action(async (host: string, options: ConnectOptions & OutputOptions & { readonly limit: number }) => {
      const entries = await asking(io, options, (connection) => listHistory(connection, host, options.limit));
      io.out.write(options.output === 'json' ? historyJson(host, entries) : historyText(entries));
      if (entries.length === 0) io.err.write(`nothing is recorded of ${host}; sealwatch hosts list has every name\n`);
    });
}

const HELP = `
Examples:
  $ sealwatch history 172.17.0.7
  $ sealwatch history 172.17.0.7 --limit 1000 --output json`;

async function listHistory(connection: OperatorConnection, host: string, limit: number): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  const pages = allPages(async (pageToken) => {
    const pageSize = Math.min(limit - entries.length, MAX_PAGE_SIZE);
    const page = await connection.ask<ListHistoryResponse>((client, call, done) =>
      client.listHistory({ host, pageSize, pageToken }, call, done),
    );
    return { items: page.entries, nextPageToken: page.nextPageToken };
  });
  for await (const entry of pages) {
    entries.push(entry);
    if (entries.length === limit) break;
  }
  return entries;
}

function historyJson(host: string, entries: readonly HistoryEntry[]): string {
  return jsonText({
    schema: 'sealwatch/history/v1',
    host,
    entries: entries.map(({ verdict, digest, ...entry }) => ({
      ...entry,
      verdict: orNull(verdict),
      digest: orNull(digest),
    })),
  });
}

function historyText(entries: readonly HistoryEntry[]): string {
  const rows = entries.map(({ at, kind, epoch, sequence, verdict, details }) => [
    at,
    kind,
    sequence === 0 ? '' : `${String(epoch)}/${String(sequence)}`,
    verdict,
    details.join('; '),
  ]);
  return textTable(['AT', 'WHAT', 'REPORT', 'VERDICT', 'DETAILS'], rows);
}
