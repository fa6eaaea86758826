import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { PublisherSigner } from '@sealwatch/shared/signing/publisher-signer.js';
import { type Timestamp, timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import { Command, Option } from 'commander';
import type { ImageContent } from '../publishing/image-content.js';
import { type ComponentToMeasure, type MeasuredComponent } from '../publishing/measure-component.js';
import type { ImagePlaces } from '../publishing/open-image.js';
import { requireRoom } from '../publishing/require-room.js';
import { certificateOption, componentOption, signatureOption } from './component-option.js';
import { declareInFiles, declareInImages } from './declare-modules.js';
import { IMAGE_HELP, type ImageOptions, wantedImages, withImageOptions } from './image-options.js';
import { manifestId } from './manifest-id.js';
import { measureComponents } from './measure-components.js';
import { momentOption } from './moment-option.js';
import { durationBetween } from './option-values.js';
import { type OutputOptions, withOutputOption } from './output-option.js';
import { type PublisherOptions, publisherSigner, SIGNER_HELP, withPublisherOptions } from './publisher-options.js';
import { type ImageAtHand, readImages } from './read-images.js';
import { shortText, shortTexts } from './short-text.js';
import { type GivenSignature, readSignatures, signComponents } from './sign-components.js';
import { writeDraft, writeManifest } from './write-manifest.js';

const DAY = 86_400_000;

export interface CreateOptions extends PublisherOptions, OutputOptions, ImageOptions {
  readonly id: string;
  readonly component: readonly ComponentToMeasure[];
  readonly signature: ReadonlyMap<string, string>;
  readonly moduleCertificate: ReadonlyMap<string, readonly number[]>;
  readonly root: string;
  readonly notBefore?: Timestamp;
  readonly notAfter?: Timestamp;
  readonly validFor: number;
  readonly os: readonly string[];
  readonly kubernetes?: string;
  readonly unsigned?: boolean;
  readonly out: string;
  readonly force?: boolean;
}

/** `sealwatch manifest create` */
export function manifestCreateCommand(io: Io): Command {
  const command = new Command('create')
    .description('measure components, files and container images, sign each one and seal the list')
    .requiredOption('--id <id>', "the manifest's name, like konvoy-1.7.0-rhel8", manifestId)
    .addOption(
      new Option('--component <name=path[,path...]>', 'a component that is a file, and where it may be; repeatable')
        .argParser(componentOption)
        .default([], 'none'),
    )
    .addOption(
      new Option('--signature <name=file>', 'take this signature, made by openssl, for a file; repeatable')
        .argParser(signatureOption)
        .default(new Map(), 'none'),
    )
    .addOption(
      new Option(
        '--module-certificate <name=number>',
        "declare this CMVP certificate for a component's module; repeatable",
      )
        .argParser(certificateOption)
        .default(new Map(), 'those on record for a known build'),
    )
    .option('--root <dir>', 'the paths are below this directory, an unpacked package tree say', '/')
    .option('--not-before <time>', 'valid from then on (default: now)', momentOption)
    .addOption(new Option('--not-after <time>', 'valid until then').argParser(momentOption).conflicts('validFor'))
    .addOption(
      new Option('--valid-for <duration>', 'valid so long')
        .argParser(durationBetween(60_000, 36_500 * DAY, 'from 1m to 36500d'))
        .default(365 * DAY, '365d'),
    )
    .addOption(
      new Option('--os <name>', 'an operating system it is for, like rhel-8; repeatable')
        .argParser(shortTexts)
        .default([], 'not said'),
    )
    .option('--kubernetes <version>', 'the Kubernetes version it is for, like 1.19.7', shortText)
    .addOption(
      new Option('--unsigned', 'write a draft to review, for: sealwatch manifest sign').conflicts([
        'key',
        'signerCommand',
        'signature',
      ]),
    )
    .requiredOption('--out <file>', 'where the manifest goes')
    .option('--force', 'replace an existing --out file');
  return withPublisherOptions(withOutputOption(withImageOptions(command)))
    .addHelpText('after', `${SIGNER_HELP}\n${IMAGE_HELP}\n${HELP}`)
    .action((options: CreateOptions) => create(io, options));
}

const HELP = `
Paths are absolute as a host has them. A symbolic link is followed and the real path is listed: hosts fail a component
that is reached by another path. Several paths of one component mean: it may be here or there, and is the same file.
A Go program's cryptographic module is found in its bytes and declared, with its hash; certificates are the publisher's word.
In a path a comma is written \\, and a backslash \\\\ and a byte that is not UTF-8 \\xHH.

Examples:
  $ sealwatch manifest create --id konvoy-1.7.0 --component kubelet=/usr/bin/kubelet \\
      --component runc=/usr/bin/runc,/usr/sbin/runc --os rhel-8 --kubernetes 1.19.7 --key publisher.key --out manifest.json
  $ openssl dgst -sha256 -sign publisher.key -out kubelet.sig /usr/bin/kubelet
  $ sealwatch manifest create --id konvoy-1.7.0 --component kubelet=/usr/bin/kubelet --signature kubelet=kubelet.sig \\
      --key publisher.key --out manifest.json
  $ sealwatch manifest create --id control-plane-1.19.7 --image etcd=containerd:registry.k8s.io/etcd:3.4.13-0 \\
      --image kube-apiserver=oci:./layout:v1.19.7 --reference kube-apiserver=registry.k8s.io/kube-apiserver:v1.19.7 \\
      --command kube-apiserver=/usr/local/bin/kube-apiserver --platform linux/amd64 --key publisher.key --out manifest.json`;

async function create(io: Io, options: CreateOptions): Promise<void> {
  const validity = validityOf(options);
  refuseBadNames(options);
  const wanted = wantedImages(options);
  const out = resolve(io.cwd, options.out);
  if (options.force !== true && existsSync(out)) {
    throw new CodedError('config.exists', `${options.out} exists and is left as it is; give another --out, or --force`);
  }
  // a wrong passphrase must show before gigabytes are read
  const signer = options.unsigned === true ? undefined : await publisherSigner(io, options);
  const signatures = await readSignatures(io, options.signature);
  const root = resolve(io.cwd, options.root);
  const measured = await measureComponents(io, root, options.component);
  const read = await readImages(io, wanted, { platform: options.platform, places: placesOf(io, options) });
  try {
    const images = await declareInImages(read, options.moduleCertificate);
    await seal(io, options, { validity, out, signer, signatures, root, measured, images });
  } finally {
    for (const { content } of read) await content.close();
  }
}

interface Sealing {
  readonly validity: ReturnType<typeof validityOf>;
  readonly out: string;
  readonly signer: PublisherSigner | undefined;
  readonly signatures: ReadonlyMap<string, GivenSignature>;
  readonly root: string;
  readonly measured: readonly MeasuredComponent[];
  readonly images: readonly ImageAtHand[];
}

async function seal(io: Io, options: CreateOptions, sealing: Sealing): Promise<void> {
  const { validity, out, signer, signatures, root, measured, images } = sealing;
  const header = {
    schema: 'sealwatch/manifest/v1',
    id: options.id,
    ...validity,
    operatingSystems: options.os,
    kubernetesVersion: options.kubernetes ?? null,
  } as const;
  const declared = await declareInFiles(root, measured, options.moduleCertificate);
  const files = declared.map(({ name, paths, digest, size, module }) => {
    return { kind: 'file', name, paths, digest, size, signature: '', ...(module === null ? {} : { module }) } as const;
  });
  const unsigned = [...files, ...images.map(({ component }) => component)];
  const notes = [...declared.flatMap(notesOf), ...images.flatMap(imageNotesOf)];
  const target = { path: out, shown: options.out, force: options.force === true, output: options.output, notes };
  requireRoom({ ...header, components: unsigned });
  if (signer === undefined) {
    await writeDraft(io, { ...header, components: unsigned }, target);
    return;
  }
  const contents = new Map(images.map(({ component, content }) => [component, content]));
  const contentOf = (image: ImageComponent): ImageContent => {
    const content = contents.get(image);
    if (content === undefined) throw new CodedError('internal', `the image ${image.name} was not read`);
    return content;
  };
  const components = await signComponents(io, { root, signer, components: unsigned, signatures, contentOf });
  await writeManifest(io, { ...header, components }, signer, target);
}

function placesOf(io: Io, { containerdSocket, containerdNamespace }: CreateOptions): ImagePlaces {
  const containerd = { socket: containerdSocket, namespace: containerdNamespace };
  return { cwd: io.cwd, containerd, signal: io.signal };
}

function validityOf(options: CreateOptions): { notBefore: Timestamp; notAfter: Timestamp } {
  const notBefore = options.notBefore ?? timestamp(Date.now());
  const notAfter = options.notAfter ?? timestamp(wallTime(notBefore) + options.validFor);
  if (wallTime(notAfter) <= wallTime(notBefore)) {
    throw new CodedError('usage.invalid', `--not-after ${notAfter} is not later than --not-before ${notBefore}`);
  }
  return { notBefore, notAfter };
}

function refuseBadNames({ component, image, signature, moduleCertificate }: CreateOptions): void {
  if (component.length === 0 && image.length === 0) {
    throw new CodedError(
      'usage.invalid',
      'there is nothing to sign: give --component NAME=PATH or --image NAME=SOURCE at least once',
    );
  }
  for (const name of moduleCertificate.keys()) {
    if ([...component, ...image].some((listed) => listed.name === name)) continue;
    throw new CodedError('usage.invalid', `--module-certificate ${name}=…: no --component or --image has this name`);
  }
  for (const name of signature.keys()) {
    if (component.some((listed) => listed.name === name)) continue;
    const why = image.some((listed) => listed.name === name)
      ? `${name} is an image, which has many signatures: of its config and of each executable; use --signer-command`
      : 'no --component has this name';
    throw new CodedError('usage.invalid', `--signature ${name}=…: ${why}`);
  }
}

function notesOf({ name, notes }: MeasuredComponent): string[] {
  return notes.map((note) => `${name}: ${note}`);
}

function imageNotesOf({ component, notes }: ImageAtHand): string[] {
  return notes.map((note) => `${component.name} [image]: ${note}`);
}
