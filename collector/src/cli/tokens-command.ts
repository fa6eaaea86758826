import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { formatDuration } from '@sealwatch/shared/runtime/duration.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { ensurePrivateDirectory } from '@sealwatch/shared/runtime/private-files.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import { MAX_TOKEN_TTL_MS } from '@sealwatch/shared/trust/enrollment-token.js';
import type { CreateTokenResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/CreateTokenResponse.js';
import { Command, Option } from 'commander';
import { bundleFile } from '../config/operator-directory.js';
import { writeBundle } from '../provisioning/write-bundle.js';
import { type ConnectOptions, dial, operatorFiles, withConnectOptions } from './connect.js';
import { durationBetween, hostName } from './option-values.js';
import { type OutputOptions, withOutputOption } from './output-option.js';

type TokenOptions = ConnectOptions &
  OutputOptions & { readonly host: string; readonly ttl: number; readonly replace: boolean; readonly bundle?: string };

/** `sealwatch tokens create --host NAME` */
export function tokensCommand(io: Io): Command {
  const create = new Command('create')
    .description('a one-use secret with which one host enrols; role operator')
    .requiredOption('--host <name>', "the host's name as in cluster.yaml", hostName)
    .addOption(
      new Option('--ttl <duration>', 'how long it is good')
        .argParser(durationBetween(1000, MAX_TOKEN_TTL_MS, 'from 1s to 1h'))
        .default(MAX_TOKEN_TTL_MS, formatDuration(MAX_TOKEN_TTL_MS)),
    )
    .option('--replace', 'let a host that is enrolled enrol anew; ends its old certificates when used', false)
    .option('--bundle <file>', "write the bundle there (mode 0600) and don't print the token");
  withConnectOptions(withOutputOption(create))
    .addHelpText('after', HELP)
    .action((options: TokenOptions) => createToken(io, options));
  return new Command('tokens').description('enrolment tokens').addCommand(create);
}

const HELP = `
The token is a secret: whoever has it becomes that host, once, until it expires. The host's bundle in
.sealwatch/bundles is written anew with it, unless --bundle names another file.

Examples:
  $ sealwatch tokens create --host 172.17.0.7 --bundle 172.17.0.7.bundle
  $ sealwatch tokens create --host 172.17.0.7 --ttl 10m --replace`;

async function createToken(io: Io, options: TokenOptions): Promise<void> {
  const { host, replace, output } = options;
  const file = options.bundle === undefined ? undefined : resolve(io.cwd, options.bundle);
  if (file !== undefined && existsSync(file)) {
    throw new CodedError('config.exists', `${file} exists and is left as it is; name another --bundle file`);
  }
  const files = await operatorFiles(io, options);
  const connection = dial(io, files, options);
  try {
    const request = { host, ttlSeconds: Math.ceil(options.ttl / 1000), replace };
    const { token, expiresAt } = await connection.ask<CreateTokenResponse>((client, call, done) =>
      client.createToken(request, call, done),
    );
    const { address, enrollAddress } = files.config.collector;
    const contents = { root: files.root, address, enrollAddress, token };
    const bundle = file ?? bundleFile(files.directory, host);
    if (file === undefined) await ensurePrivateDirectory(files.directory.bundles);
    await writeBundle(bundle, contents, { existing: file === undefined ? 'replace' : 'create' });
    const shown = file === undefined ? token : null;
    const answer = { schema: 'sealwatch/token/v1', host, expiresAt, token: shown, bundle };
    io.out.write(output === 'json' ? jsonText(answer) : tokenText(token, expiresAt, file));
  } finally {
    connection.close();
  }
}

/** The bare token, so that it can be piped; where it goes to a file, what comes next. */
function tokenText(token: string, expiresAt: string, file: string | undefined): string {
  if (file === undefined) return `${printable(token)}\n`;
  return `${file}: good once, until ${printable(expiresAt)}; on the host: sealwatch-agent enroll --bundle FILE\n`;
}
