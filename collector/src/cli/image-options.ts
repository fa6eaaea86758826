import { defaultPlatform, type Platform, platformText } from '@sealwatch/shared/image/document/platform.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { type Command, Option } from 'commander';
import { imageReferences } from '../publishing/image-references.js';
import type { ImageToRead, ImageWishes } from '../publishing/image-to-read.js';
import { type ByName, commandOption, imageOption, platformOption, referenceOption } from './image-option.js';
import { nonEmpty } from './option-values.js';

/** Which images a manifest lists, and where they are. */
export interface ImageOptions {
  readonly image: readonly ImageToRead[];
  readonly platform: Platform;
  readonly reference: ByName;
  readonly command: ByName;
  readonly containerdSocket: string;
  readonly containerdNamespace: string;
}

/** An image and what its publisher adds. */
export type WantedImage = ImageToRead & ImageWishes;

export function withImageOptions(command: Command): Command {
  const platform = defaultPlatform();
  return command
    .addOption(
      new Option('--image <name=source>', 'a component that is a container image, and where it is; repeatable')
        .argParser(imageOption)
        .default([], 'none'),
    )
    .addOption(
      new Option('--platform <os/arch>', 'which of the images in a multi-platform image')
        .argParser(platformOption)
        .default(platform, platformText(platform)),
    )
    .addOption(
      new Option('--reference <name=ref>', 'another reference hosts may know the image by; repeatable')
        .argParser(referenceOption)
        .default(new Map(), 'the one in its source'),
    )
    .addOption(
      new Option('--command <name=path>', "what the image's containers may run as their first process; repeatable")
        .argParser(commandOption)
        .default(new Map(), 'its entrypoint, and executables called NAME'),
    )
    .option('--containerd-socket <path>', 'where containerd listens', nonEmpty, '/run/containerd/containerd.sock')
    .option('--containerd-namespace <name>', "containerd's namespace with the images", nonEmpty, 'k8s.io');
}

export const IMAGE_HELP = `
An image is given as skopeo's transports are: oci:DIR[:NAME], oci-archive:FILE[:NAME], docker-archive:FILE[:REF], and
containerd:REF for what this machine's containerd has. Listed are its config, layers, and every executable and shared
library of its final file system; signed are the config's bytes, which pin the layers, and each executable. A name in a
layout counts as a reference only if it is one in itself, registry.k8s.io/etcd:3.4.13-0 say; else give --reference.`;

/** @throws CodedError('usage.invalid') for an image without a reference, and for what belongs to no image */
export function wantedImages({ image, reference, command }: ImageOptions): WantedImage[] {
  for (const [flag, given] of [
    ['--reference', reference],
    ['--command', command],
  ] as const) {
    const stray = [...given.keys()].find((name) => !image.some((listed) => listed.name === name));
    if (stray !== undefined) throw new CodedError('usage.invalid', `${flag} ${stray}=…: no --image has this name`);
  }
  return image.map((wanted) => ({
    ...wanted,
    references: imageReferences(wanted, reference.get(wanted.name) ?? []),
    commands: command.get(wanted.name) ?? [],
  }));
}
