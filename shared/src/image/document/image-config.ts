import * as z from 'zod/mini';
import type { Digest } from '../../hashing/digest.js';
import { imageDigestSchema } from './descriptor.js';
import { MAX_LAYERS } from './image-manifest.js';
import type { Platform } from './platform.js';
import { readDocument } from './read-document.js';

/** What a signed config pins: the layers by the digests of their uncompressed bytes, and what is run. */
export interface ImageConfig {
  readonly platform: Platform;
  readonly diffIds: readonly Digest[];
  readonly command: ContainerCommand;
}

/** As it stands in the config; what is not there is empty. */
export interface ContainerCommand {
  readonly entrypoint: readonly string[];
  readonly arguments: readonly string[];
  /** `NAME=VALUE`. */
  readonly environment: readonly string[];
  readonly workingDirectory: string;
  readonly user: string;
}

export const MAX_CONFIG_BYTES: number = 8 * 1024 * 1024;

const strings = z.nullish(z.array(z.string()).check(z.maxLength(10_000)));
const configSchema = z.object({
  architecture: z.string().check(z.minLength(1), z.maxLength(100)),
  os: z.string().check(z.minLength(1), z.maxLength(100)),
  variant: z.optional(z.string().check(z.maxLength(100))),
  rootfs: z.object({
    type: z.literal('layers'),
    diff_ids: z.array(imageDigestSchema).check(z.maxLength(MAX_LAYERS)),
  }),
  config: z.nullish(
    z.object({
      Entrypoint: strings,
      Cmd: strings,
      Env: strings,
      WorkingDir: z.nullish(z.string()),
      User: z.nullish(z.string()),
    }),
  ),
});

/** OCI image-spec 1.1, config.md. @throws CodedError('image.malformed') */
export function readImageConfig(bytes: Uint8Array, what: string): ImageConfig {
  const { architecture, os, variant, rootfs, config } = readDocument(bytes, configSchema, {
    what,
    maxBytes: MAX_CONFIG_BYTES,
  });
  return {
    platform: { os, architecture, variant: variant === undefined || variant === '' ? null : variant },
    diffIds: rootfs.diff_ids,
    command: {
      entrypoint: config?.Entrypoint ?? [],
      arguments: config?.Cmd ?? [],
      environment: config?.Env ?? [],
      workingDirectory: config?.WorkingDir ?? '',
      user: config?.User ?? '',
    },
  };
}
