import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { isImage } from '@sealwatch/shared/manifest/components-of-kind.js';
import type { Manifest } from '@sealwatch/shared/manifest/manifest.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import { openManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import { readStatement } from '@sealwatch/shared/manifest/read-statement.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { Command } from 'commander';
import type { ImageContent } from '../publishing/image-content.js';
import { readManifestFile } from './manifest-file.js';
import { type OutputOptions, withOutputOption } from './output-option.js';
import {
  publisherKeyFile,
  type PublisherOptions,
  publisherSigner,
  SIGNER_HELP,
  withPublisherOptions,
} from './publisher-options.js';
import { signComponents } from './sign-components.js';
import { writeManifest } from './write-manifest.js';

type SignOptions = PublisherOptions &
  OutputOptions & {
    readonly sealedBy?: string;
    readonly root: string;
    readonly out: string;
    readonly force?: boolean;
  };

/** `sealwatch manifest sign` */
export function manifestSignCommand(io: Io): Command {
  const command = new Command('sign')
    .description('sign and seal a draft, or move a sealed manifest to another publisher key')
    .argument('<file>', 'a draft of: sealwatch manifest create --unsigned, or a sealed manifest')
    .option('--sealed-by <file>', 'for a sealed manifest: the public key whose seal must hold')
    .option('--root <dir>', 'where a signing command finds the files; a key in a file needs none', '/')
    .requiredOption('--out <file>', 'where the sealed manifest goes')
    .option('--force', 'replace an existing --out file');
  return withPublisherOptions(withOutputOption(command))
    .addHelpText('after', `${SIGNER_HELP}\n${HELP}`)
    .action((file: string, options: SignOptions) => sign(io, file, options));
}

const HELP = `
Every component gets a signature over the digest listed, then the list is sealed. A manifest has one publisher: its
component signatures and its seal are by the same key, so a sealed manifest is signed anew, not once more. Look at a
draft before you sign it: what it lists is what your signature vouches for. A signing command can't sign images here:
their bytes are not at hand; give it to manifest create.

Examples:
  $ sealwatch manifest create --unsigned --id konvoy-1.7.0 --component kubelet=/usr/bin/kubelet --out draft.json
  $ sealwatch manifest show draft.json
  $ sealwatch manifest sign draft.json --key publisher.key --out manifest.json
  $ sealwatch manifest sign manifest.json --sealed-by old.pub --key new.key --out renewed.json`;

async function sign(io: Io, file: string, options: SignOptions): Promise<void> {
  const out = resolve(io.cwd, options.out);
  if (options.force !== true && existsSync(out)) {
    throw new CodedError('config.exists', `${options.out} exists and is left as it is; give another --out, or --force`);
  }
  const manifest = await manifestToSign(io, file, options);
  refuseCommandForImages(manifest, options);
  const signer = await publisherSigner(io, options);
  const root = resolve(io.cwd, options.root);
  const { components: listed } = manifest;
  const components = await signComponents(io, { root, signer, components: listed, signatures: new Map(), contentOf });
  const target = { path: out, shown: options.out, force: options.force === true, output: options.output, notes: [] };
  await writeManifest(io, { ...manifest, components }, signer, target);
}

/** A draft says of itself that nobody vouches for it; a seal has to hold before its contents get another one. */
async function manifestToSign(io: Io, file: string, { sealedBy }: SignOptions): Promise<Manifest> {
  const read = await readManifestFile(io, file);
  if (read.kind === 'draft') {
    if (sealedBy !== undefined)
      throw new CodedError('usage.invalid', `${file} is a draft, without a seal; omit --sealed-by`);
    return readStatement(read.statement, file);
  }
  if (sealedBy === undefined) {
    throw new CodedError('usage.invalid', `${file} is sealed; give --sealed-by FILE, the public key that sealed it`);
  }
  return openManifest(read.envelope, [await publisherKeyFile(io, sealedBy)], file).manifest;
}

/** A signing command gets the bytes; those of a file are below --root, those of an image nobody can tell where. */
function refuseCommandForImages({ components }: Manifest, { signerCommand }: SignOptions): void {
  const image = components.find(isImage);
  if (image === undefined || signerCommand === undefined) return;
  throw new CodedError(
    'usage.invalid',
    `a signing command wants the bytes of the image ${image.name}, which a draft or manifest does not have; ` +
      'sign with --key, or give --signer-command to sealwatch manifest create --image',
  );
}

/** For a key in a file the digests are enough. */
function contentOf({ name }: ImageComponent): Pick<ImageContent, 'bytes'> {
  return {
    bytes: () => {
      throw new CodedError('signer.failed', `the bytes of the image ${name} are not at hand`);
    },
  };
}
