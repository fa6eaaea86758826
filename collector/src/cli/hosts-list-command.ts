import type { Io } from '@sealwatch/shared/cli/io.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import type { HostSummary } from '@sealwatch/shared/wire/generated/sealwatch/v1/HostSummary.js';
import type { ListHostsResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListHostsResponse.js';
import { Command } from 'commander';
import { allPages } from './all-pages.js';
import { asking, type ConnectOptions, withConnectOptions } from './connect.js';
import { hostSummaryJson } from './host-summary-json.js';
import type { OperatorConnection } from '../operator/operator-connection.js';
import { type OutputOptions, withOutputOption } from './output-option.js';
import { textTable } from './text-table.js';
import { wireVerdict } from './wire-verdict.js';

const PAGE_SIZE = 500;

/** `sealwatch hosts list` */
export function hostsListCommand(io: Io): Command {
  const command = new Command('list').description('every declared host, and enrolled ones that are not declared');
  return withConnectOptions(withOutputOption(command))
    .addHelpText('after', HELP)
    .action(async (options: ConnectOptions & OutputOptions) => {
      const hosts = await asking(io, options, listHosts);
      const json = { schema: 'sealwatch/hosts/v1', hosts: hosts.map(hostSummaryJson) };
      io.out.write(options.output === 'json' ? jsonText(json) : hostsText(hosts));
    });
}

const HELP = `
Exit status: 0 whatever the verdicts are; "sealwatch status" and "sealwatch check fips" answer with theirs.

Examples:
  $ sealwatch hosts list
  $ sealwatch hosts list --output json | jq -r '.hosts[] | select(.verdict != "compliant").name'`;

async function listHosts(connection: OperatorConnection): Promise<HostSummary[]> {
  const hosts: HostSummary[] = [];
  const pages = allPages(async (pageToken) => {
    const page = await connection.ask<ListHostsResponse>((client, call, done) =>
      client.listHosts({ pageSize: PAGE_SIZE, pageToken }, call, done),
    );
    return { items: page.hosts, nextPageToken: page.nextPageToken };
  });
  for await (const host of pages) hosts.push(host);
  return hosts;
}

function hostsText(hosts: readonly HostSummary[]): string {
  const rows = hosts.map(({ name, role, verdict, standing, lastHeardAt, reasons }) => [
    name,
    role === '' ? 'undeclared' : role,
    wireVerdict(verdict),
    standing,
    lastHeardAt,
    reasons.join('; '),
  ]);
  return textTable(['NAME', 'ROLE', 'VERDICT', 'STANDING', 'LAST HEARD', 'REASONS'], rows);
}
