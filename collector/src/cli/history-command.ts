import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { HistoryEntry } from '@sealwatch/shared/wire/generated/sealwatch/v1/HistoryEntry.js';
import type { ListHistoryResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListHistoryResponse.js';
import { Argument, Command } from 'commander';
import { allPages } from './all-pages.js';
import { asking, type ConnectOptions, withConnectOptions } from './connect.js';
import type { OperatorConnection } from '../operator/operator-connection.js';
import { hostName, serviceName, wholeNumber } from './option-values.js';
import { type OutputOptions, withOutputOption } from './output-option.js';
import { listServiceHistory } from './service-history.js';
import { serviceHistoryJson } from './service-history-json.js';
import { serviceHistoryText } from './service-history-text.js';
import { textTable } from './text-table.js';
import { orNull } from './wire-verdict.js';

const MAX_PAGE_SIZE = 500;

type HistoryOptions = ConnectOptions & OutputOptions & { readonly limit: number; readonly service?: string };

/** `sealwatch history HOST [--service NAME]` */
export function historyCommand(io: Io): Command {
  const command = new Command('history')
    .description('what a host reported and what happened to it, newest first')
    .addArgument(new Argument('<host>', "the host's name as in cluster.yaml").argParser(hostName))
    .option('--limit <number>', 'how many entries', wholeNumber, 50)
    .option('--service <name>', 'when a TLS service changed, and what came and went', serviceName);
  return withConnectOptions(withOutputOption(command))
    .addHelpText('after', HELP)
    .action(async (host: string, options: HistoryOptions) => {
      const { service, limit } = options;
      if (service !== undefined) {
        const changes = await asking(io, options, (connection) =>
          listServiceHistory(connection, { host, service, limit }),
        );
        io.out.write(
          options.output === 'json' ? serviceHistoryJson(host, service, changes) : serviceHistoryText(changes),
        );
        return;
      }
      const entries = await asking(io, options, (connection) => listHistory(connection, host, limit));
      if (entries.length === 0) {
        throw new CodedError('host.unknown', `nothing is recorded of ${host}; sealwatch hosts list has every name`);
      }
      io.out.write(options.output === 'json' ? historyJson(host, entries) : historyText(entries));
    });
}

const HELP = `
With --service NAME one entry for each report in which the measurement of that TLS service changed: when the host signed
it, and what came (+) and went (-) since the entry before. The oldest entry is the first measurement, in full.

Exit status: 0 if there are entries; 1 if nothing is recorded of the host, or it never reported that service.

Examples:
  $ sealwatch history 172.17.0.7
  $ sealwatch history 172.17.0.7 --limit 1000 --output json
  $ sealwatch history 172.17.0.7 --service kube-apiserver
  $ sealwatch history 172.17.0.7 --service etcd --output json | jq '.entries[].changes[] | select(.what == "suite")'`;

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
    entries: entries.map(({ verdict, digest, signedAt, ...entry }) => ({
      ...entry,
      verdict: orNull(verdict),
      digest: orNull(digest),
      signedAt: orNull(signedAt),
    })),
  });
}

function historyText(entries: readonly HistoryEntry[]): string {
  const rows = entries.map(({ at, kind, epoch, sequence, verdict, details, signedAt }) => [
    at,
    kind,
    sequence === 0 ? '' : `${String(epoch)}/${String(sequence)}`,
    verdict,
    [...lateness(at, signedAt), ...details].join('; '),
  ]);
  return textTable(['AT', 'WHAT', 'REPORT', 'VERDICT', 'DETAILS'], rows);
}

/** What comes late speaks of another time than it came at. */
const LATE_MS = 5 * 60_000;

function lateness(at: string, signedAt: string): string[] {
  return signedAt !== '' && wallTime(at) - wallTime(signedAt) > LATE_MS ? [`signed at ${signedAt}`] : [];
}
