import { resolve } from 'node:path';
import { renderFindings, renderOwnLines } from '@sealwatch/shared/check/render-findings.js';
import { renderSubjectLine } from '@sealwatch/shared/check/render-subject-line.js';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { ExitStatus } from '@sealwatch/shared/cli/run-program.js';
import { isImage } from '@sealwatch/shared/manifest/components-of-kind.js';
import type { Manifest } from '@sealwatch/shared/manifest/manifest.js';
import { openManifest, type VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import { EXIT } from '@sealwatch/shared/runtime/exit-code.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import { type Timestamp, timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { Command } from 'commander';
import { checkManifest, type ManifestCheck } from '../publishing/check-manifest.js';
import { countBytes } from './count-bytes.js';
import { readSealedManifest } from './manifest-file.js';
import { momentOption } from './moment-option.js';
import { type OutputOptions, withOutputOption } from './output-option.js';
import { publisherKeyFile } from './publisher-options.js';
import { useColor } from '@sealwatch/shared/cli/use-color.js';

type VerifyOptions = OutputOptions & { readonly publisherKey: string; readonly root: string; readonly at?: Timestamp };

/** `sealwatch manifest verify` */
export function manifestVerifyCommand(io: Io): Command {
  const command = new Command('verify')
    .description('verify a manifest, and hold a directory tree or this host against it; offline')
    .argument('<file>', 'the sealed manifest')
    .requiredOption('--publisher-key <file>', 'the pinned public key; none is ever taken from the manifest')
    .option('--root <dir>', 'where the paths are: this host, or an unpacked tree', '/')
    .option('--at <time>', 'judge validity as of then (default: now)', momentOption);
  return withOutputOption(command)
    .addHelpText('after', HELP)
    .action((file: string, options: VerifyOptions) => verify(io, file, options));
}

const HELP = `
Exit status: 0 if the seal, every component signature, the validity and every file are good; 1 if any is not; 2 if the
manifest or the key can't be read. Signatures of images are verified too; the images themselves are not compared.

Examples:
  $ sealwatch manifest verify manifest.json --publisher-key publisher.pub
  $ sealwatch manifest verify manifest.json --publisher-key publisher.pub --root ./rootfs --at 2027-01-31
  $ openssl dgst -sha256 -verify publisher.pub -signature kubelet.sig /usr/bin/kubelet`;

async function verify(io: Io, file: string, options: VerifyOptions): Promise<void> {
  const key = await publisherKeyFile(io, options.publisherKey);
  const manifest = openManifest(await readSealedManifest(io, file), [key], file);
  const counter = countBytes(io);
  const at = options.at ?? timestamp(Date.now());
  let check: ManifestCheck;
  try {
    const root = resolve(io.cwd, options.root);
    check = await checkManifest(manifest, { root, at, onBytes: counter.onBytes('components') });
  } finally {
    counter.done();
  }
  io.out.write(options.output === 'json' ? verifyJson(manifest, check, at) : verifyText(manifest, check, useColor(io)));
  if (check.verdict !== 'compliant') throw new ExitStatus(EXIT.no);
}

function verifyJson({ digest, manifest, signedBy }: VerifiedManifest, check: ManifestCheck, at: Timestamp): string {
  const { id, notBefore, notAfter } = manifest;
  return jsonText({
    schema: 'sealwatch/manifest-verify/v1',
    passes: check.verdict === 'compliant',
    checkedAt: at,
    manifest: { id, digest, notBefore, notAfter, publisherKey: signedBy.keyid },
    findings: check.findings,
    imagesNotCompared: imagesOf(manifest),
    components: check.components,
  });
}

function verifyText({ digest, manifest, signedBy }: VerifiedManifest, check: ManifestCheck, color: boolean): string {
  const passes = check.verdict === 'compliant';
  const images = imagesOf(manifest);
  const lines = check.components.flatMap(({ label, statement, status, findings }) => [
    renderSubjectLine(label, statement, status, color),
    ...renderFindings(findings),
  ]);
  return [
    `Manifest: ${printable(manifest.id)} ${digest}`,
    `Sealed by publisher key ${signedBy.keyid}, valid ${manifest.notBefore} to ${manifest.notAfter}`,
    '',
    ...lines,
    ...renderOwnLines(check.findings, color),
    '',
    ...(images === 0 ? [] : [`Not compared: ${countOf(images)}; a tree has files only, the hosts' agents see images`]),
    passes ? passedText(check.components.length) : 'Verification failed',
    '',
  ].join('\n');
}

function passedText(files: number): string {
  return files === 0
    ? 'The seal and every signature hold; no file is listed'
    : 'All components are the ones the publisher signed';
}

function imagesOf({ components }: Manifest): number {
  return components.filter(isImage).length;
}

function countOf(images: number): string {
  return images === 1 ? '1 image' : `${String(images)} images`;
}
