import { platformText } from '@sealwatch/shared/image/document/platform.js';
import { readImageConfig } from '@sealwatch/shared/image/document/image-config.js';
import type { ReadImage } from '@sealwatch/shared/image/read-image.js';
import {
  type ImageComponent,
  imageComponentSchema,
  MAX_EXECUTABLES,
} from '@sealwatch/shared/manifest/manifest-component.js';
import { isSecurityVariable } from '@sealwatch/shared/proc/security-variables.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import { imageCommands } from './image-commands.js';
import type { ImageWishes } from './image-to-read.js';

export interface DescribedImage {
  /** With empty signatures, as a draft has them. */
  readonly component: ImageComponent;
  /** What the publisher should know before signing. */
  readonly notes: readonly string[];
}

/**
 * An image as a manifest lists it, not signed yet.
 * @throws CodedError('image.unsupported' | 'limit.exceeded') for what no manifest can hold, CodedError('usage.invalid') as `imageCommands`
 */
export function describeImage(name: string, image: ReadImage, wishes: ImageWishes): DescribedImage {
  const { executables } = image;
  if (executables.length > MAX_EXECUTABLES) {
    const most = `a manifest lists at most ${String(MAX_EXECUTABLES)} of one image`;
    throw new CodedError(
      'limit.exceeded',
      `it has ${String(executables.length)} executables and shared libraries; ${most}`,
    );
  }
  if (executables.length === 0) throw new CodedError('image.unsupported', 'it has no executable file');
  const commands = imageCommands(name, image, wishes.commands);
  const variables = securityVariablesOf(image.configBytes);
  const component: ImageComponent = {
    kind: 'image',
    name,
    references: wishes.references,
    platform: platformText(image.platform),
    digest: image.configDigest,
    size: image.configSize,
    signature: '',
    manifest: image.manifestDigest,
    layers: image.layers.map(({ digest, size, diffId, uncompressedSize }) => {
      return { digest, size, diffId, uncompressedSize };
    }),
    executables: executables.map(({ path, digest, size }) => ({ path, digest, size, signature: '' })),
    commands: commands.paths,
    variables,
  };
  const listable = imageComponentSchema.safeParse(component);
  if (!listable.success) {
    const [issue] = listable.error.issues;
    const what = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
    throw new CodedError('image.unsupported', `no manifest can list it: ${printable(what)}`);
  }
  const allowed = variables.map((variable) => `the image sets ${printable(variable)}; the manifest allows that`);
  return { component, notes: [...image.notes, ...commands.notes, ...allowed] };
}

/** Of the image's own variables those that load code or bend cryptography. */
function securityVariablesOf(config: Uint8Array): string[] {
  const { environment } = readImageConfig(config, 'the config').command;
  return [...new Set(environment.filter((variable) => isSecurityVariable(variable.split('=', 1)[0] ?? '')))];
}
