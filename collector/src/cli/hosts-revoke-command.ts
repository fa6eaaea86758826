import type { Io } from '@sealwatch/shared/cli/io.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import type { RevokeHostResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/RevokeHostResponse.js';
import { Argument, Command } from 'commander';
import { asking, type ConnectOptions, withConnectOptions } from './connect.js';
import { hostName, nonEmpty } from './option-values.js';
import { type OutputOptions, withOutputOption } from './output-option.js';

/** `sealwatch hosts revoke NAME --reason TEXT` */
export function hostsRevokeCommand(io: Io): Command {
  const command = new Command('revoke')
    .description("end a host's certificates and its connection at once; role admin")
    .addArgument(new Argument('<name>', "the host's name as in cluster.yaml").argParser(hostName))
    .requiredOption('--reason <text>', 'why; kept in the history for ever', nonEmpty);
  return withConnectOptions(withOutputOption(command))
    .addHelpText('after', HELP)
    .action(async (host: string, options: ConnectOptions & OutputOptions & { readonly reason: string }) => {
      const { reason } = options;
      const { certificates, streamEnded } = await asking(io, options, (connection) =>
        connection.ask<RevokeHostResponse>((client, call, done) => client.revokeHost({ host, reason }, call, done)),
      );
      io.out.write(
        options.output === 'json'
          ? jsonText({ schema: 'sealwatch/revocation/v1', host, certificates, streamEnded })
          : `${host}: ${String(certificates)} certificates revoked${streamEnded ? ', its connection ended' : ''}\n` +
              `A declared host that is revoked stays unknown; take it out of cluster.yaml, or enrol it anew:\n` +
              `  sealwatch tokens create --host ${host} --replace\n`,
      );
    });
}

const HELP = `
Examples:
  $ sealwatch hosts revoke 172.17.0.9 --reason 'disk stolen, ticket 4711'`;
