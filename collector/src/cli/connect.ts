import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { channelOptions, clientCredentials } from '@sealwatch/shared/wire/channel.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import type { Command } from 'commander';
import { resolve } from 'node:path';
import { parseHostPort } from '@sealwatch/shared/runtime/host-port.js';
import { OperatorConnection } from '../operator/operator-connection.js';
import { type OperatorFiles, readOperatorFiles } from '../operator/operator-files.js';

/** Where the cluster is and who asks; every command that asks the collector has these. */
export interface ConnectOptions {
  readonly directory?: string;
  readonly operator?: string;
  readonly collector?: string;
}

export function withConnectOptions(command: Command): Command {
  return command
    .option('--directory <dir>', 'the cluster directory, with cluster.yaml in it (default: here)')
    .option('--operator <name>', 'whose key and certificate to use (default: the only one)')
    .option('--collector <host:port>', "the collector's address (default: collector.address in cluster.yaml)");
}

/**
 * Opens nothing yet: the first call does.
 * @throws CodedError as `readOperatorFiles` does; CodedError('usage.invalid') for an address that is none
 */
async function connectOperator(io: Io, options: ConnectOptions): Promise<OperatorConnection> {
  return dial(io, await operatorFiles(io, options), options);
}

export function operatorFiles(io: Io, { directory, operator }: ConnectOptions): Promise<OperatorFiles> {
  return readOperatorFiles({
    directory: resolve(io.cwd, directory ?? '.'),
    ...(operator === undefined ? {} : { operator }),
  });
}

export function dial(io: Io, files: OperatorFiles, { collector }: ConnectOptions): OperatorConnection {
  const address = collector ?? files.config.collector.address;
  if (parseHostPort(address) === undefined) {
    throw new CodedError('usage.invalid', `--collector ${address} is no HOST:PORT, like 10.0.0.5:7443`);
  }
  const { root, clusterId, key, chain } = files;
  const credentials = clientCredentials({ root, clusterId, identity: { key, chain } });
  const client = new (loadProtos().QueryService)(address, credentials, channelOptions());
  return new OperatorConnection({ client, address, signal: io.signal });
}

/** Runs a question and closes the connection whatever comes of it. */
export async function asking<T>(
  io: Io,
  options: ConnectOptions,
  question: (connection: OperatorConnection) => Promise<T>,
): Promise<T> {
  const connection = await connectOperator(io, options);
  try {
    return await question(connection);
  } finally {
    connection.close();
  }
}
