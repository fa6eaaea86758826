import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { type Timestamp, timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import { Command, Option } from 'commander';
import { type ComponentToMeasure, type MeasuredComponent } from '../publishing/measure-component.js';
import { componentOption, signatureOption } from './component-option.js';
import { manifestId } from './manifest-id.js';
import { measureComponents } from './measure-components.js';
import { momentOption } from './moment-option.js';
import { durationBetween } from './option-values.js';
import { type OutputOptions, withOutputOption } from './output-option.js';
import { type PublisherOptions, publisherSigner, SIGNER_HELP, withPublisherOptions } from './publisher-options.js';
import { shortText, shortTexts } from './short-text.js';
import { readSignatures, signComponents } from './sign-components.js';
import { writeDraft, writeManifest } from './write-manifest.js';

const DAY = 86_400_000;

export interface CreateOptions extends PublisherOptions, OutputOptions {
  readonly id: string;
  readonly component: readonly ComponentToMeasure[];
  readonly signature: ReadonlyMap<string, string>;
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
export function manifestCreate(io: Io): Command {
  const command = new Command('create')
    .description('measure components, sign each one and seal the list')
    .requiredOption('--id <id>', "the manifest's name, like konvoy-1.7.0-rhel8", manifestId)
    .addOption(
      new Option('--component <name=path[,path...]>', 'a component and where it may be on a host; repeatable')
        .argParser(componentOption)
        .default([], 'none'),
    )
    .addOption(
      new Option('--signature <name=file>', 'take this signature, made by openssl, for a component; repeatable')
        .argParser(signatureOption)
        .default(new Map(), 'none'),
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
  return withPublisherOptions(withOutputOption(command))
    .addHelpText('after', `${SIGNER_HELP}\n${HELP}`)
    .action((options: CreateOptions) => create(io, options));
}

const HELP = `
Paths are absolute as a host has them. A symbolic link is followed and the real path is listed: hosts fail a component
that is reached by another path. Several paths of one component mean: it may be here or there, and is the same file.
In a path a comma is written \\, and a backslash \\\\ and a byte that is not UTF-8 \\xHH.

Examples:
  $ sealwatch manifest create --id konvoy-1.7.0 --component kubelet=/usr/bin/kubelet \\
      --component runc=/usr/bin/runc,/usr/sbin/runc --os rhel-8 --kubernetes 1.19.7 --key publisher.key --out manifest.json
  $ openssl dgst -sha256 -sign publisher.key -out kubelet.sig /usr/bin/kubelet
  $ sealwatch manifest create --id konvoy-1.7.0 --component kubelet=/usr/bin/kubelet --signature kubelet=kubelet.sig \\
      --key publisher.key --out manifest.json`;

async function create(io: Io, options: CreateOptions): Promise<void> {
  const validity = validityOf(options);
  refuseBadNames(options);
  const out = resolve(io.cwd, options.out);
  if (options.force !== true && existsSync(out)) {
    throw new CodedError('config.exists', `${options.out} exists and is left as it is; give another --out, or --force`);
  }
  // a wrong passphrase must show before gigabytes are read
  const signer = options.unsigned === true ? undefined : await publisherSigner(io, options);
  const signatures = await readSignatures(io, options.signature);
  const root = resolve(io.cwd, options.root);
  const measured = await measureComponents(io, root, options.component);
  const header = {
    schema: 'sealwatch/manifest/v1',
    id: options.id,
    ...validity,
    operatingSystems: options.os,
    kubernetesVersion: options.kubernetes ?? null,
  } as const;
  const notes = measured.flatMap(notesOf);
  const target = { path: out, shown: options.out, force: options.force === true, output: options.output, notes };
  if (signer === undefined) {
    const components = measured.map(({ name, paths, digest, size }) => {
      return { kind: 'file', name, paths, digest, size, signature: '' } as const;
    });
    await writeDraft(io, { ...header, components }, target);
    return;
  }
  const components = await signComponents(io, { root, signer, components: measured, signatures });
  await writeManifest(io, { ...header, components }, signer, target);
}

function validityOf(options: CreateOptions): { notBefore: Timestamp; notAfter: Timestamp } {
  const notBefore = options.notBefore ?? timestamp(Date.now());
  const notAfter = options.notAfter ?? timestamp(wallTime(notBefore) + options.validFor);
  if (wallTime(notAfter) <= wallTime(notBefore)) {
    throw new CodedError('usage.invalid', `--not-after ${notAfter} is not later than --not-before ${notBefore}`);
  }
  return { notBefore, notAfter };
}

function refuseBadNames({ component, signature }: CreateOptions): void {
  if (component.length === 0) {
    throw new CodedError('usage.invalid', 'there is nothing to sign: give --component NAME=PATH at least once');
  }
  for (const name of signature.keys()) {
    if (!component.some((listed) => listed.name === name)) {
      throw new CodedError('usage.invalid', `--signature ${name}=…: no --component has this name`);
    }
  }
}

function notesOf({ name, notes }: MeasuredComponent): string[] {
  return notes.map((note) => `${name}: ${note}`);
}
