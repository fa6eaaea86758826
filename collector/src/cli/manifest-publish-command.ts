import type { Io } from '@sealwatch/shared/cli/io.js';
import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { readStatement } from '@sealwatch/shared/manifest/read-statement.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { fromEnvelope } from '@sealwatch/shared/wire/envelope-wire.js';
import type { UploadManifestResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/UploadManifestResponse.js';
import { Command } from 'commander';
import { asking, type ConnectOptions, withConnectOptions } from './connect.js';
import { readSealedManifest } from './manifest-file.js';
import { type OutputOptions, withOutputOption } from './output-option.js';

type PublishOptions = ConnectOptions & OutputOptions;

/** `sealwatch manifest publish` */
export function manifestPublishCommand(io: Io): Command {
  const command = new Command('publish')
    .description('upload a sealed manifest to the collector')
    .argument('<file>', 'the sealed manifest');
  return withConnectOptions(withOutputOption(command))
    .addHelpText('after', HELP)
    .action((file: string, options: PublishOptions) => publish(io, file, options));
}

const HELP = `
Uploading puts nothing in force: a manifest counts once a release names it, see: sealwatch deploy

Examples:
  $ sealwatch manifest publish manifest.json
  $ sealwatch manifest publish manifest.json --collector 10.0.0.5:7443`;

async function publish(io: Io, file: string, options: PublishOptions): Promise<void> {
  const envelope = await readSealedManifest(io, file);
  if (envelope.payloadType !== PAYLOAD_TYPES.statement) {
    throw new CodedError('manifest.malformed', `${file} is an envelope, but no manifest is in it`);
  }
  const { id } = readStatement(envelope.payload, file);
  const { digest } = await asking(io, options, (connection) =>
    connection.ask<UploadManifestResponse>((client, call, done) =>
      client.uploadManifest({ manifest: fromEnvelope(envelope) }, call, done),
    ),
  );
  if (digest !== sha256(envelope.payload)) {
    throw new CodedError(
      'collector.protocol',
      `the collector acknowledged ${digest}, which is not the digest of ${file}`,
    );
  }
  io.out.write(
    options.output === 'json'
      ? jsonText({ schema: 'sealwatch/manifest-publish/v1', id, digest })
      : `Uploaded ${id}, ${digest}\nIt counts once a release names it: list ${file} in cluster.yaml, then sealwatch deploy\n`,
  );
}
