import type { Io } from '@sealwatch/shared/cli/io.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { readStatement } from '@sealwatch/shared/manifest/read-statement.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { Command } from 'commander';
import { readManifestFile } from './manifest-file.js';
import { manifestText } from './manifest-text.js';
import { type OutputOptions, withOutputOption } from './output-option.js';

/** `sealwatch manifest show` */
export function manifestShowCommand(io: Io): Command {
  const command = new Command('show')
    .description('print what a manifest or draft says, without verifying anything')
    .argument('<file>', 'a sealed manifest or a draft');
  return withOutputOption(command)
    .addHelpText('after', HELP)
    .action((file: string, options: OutputOptions) => show(io, file, options));
}

const HELP = `
Nothing is verified: neither the seal nor a signature nor a file. For that: sealwatch manifest verify

Examples:
  $ sealwatch manifest show manifest.json
  $ sealwatch manifest show manifest.json --output json | jq '.manifest.components[].name'`;

async function show(io: Io, file: string, { output }: OutputOptions): Promise<void> {
  const read = await readManifestFile(io, file);
  const payload = read.kind === 'sealed' ? read.envelope.payload : read.statement;
  const keyids = read.kind === 'sealed' ? read.envelope.signatures.map(({ keyid }) => keyid) : [];
  const manifest = readStatement(payload, file);
  const digest = read.kind === 'sealed' ? sha256(payload) : null;
  if (output === 'json') {
    io.out.write(jsonText({ schema: 'sealwatch/manifest-show/v1', verified: false, keyids, digest, manifest }));
    return;
  }
  const seals =
    keyids.length === 0 ? ['Seal:       none, this is a draft'] : keyids.map((id) => `Seal:       by key ${id}`);
  const named = digest === null ? [] : [`Digest:     ${digest}`];
  io.out.write(['NOT VERIFIED', '', ...seals, ...named, ...manifestText(manifest)].join('\n'));
}
