import { parseImageReference } from '@sealwatch/shared/containerd/image-reference.js';
import { parsePlatform, type Platform } from '@sealwatch/shared/image/document/platform.js';
import { type ImageLocation, parseImageLocation } from '@sealwatch/shared/image/source/image-location.js';
import { reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { COMPONENT_NAME } from '@sealwatch/shared/subject/component.js';
import { isAbsolutePathText } from '@sealwatch/shared/subject/path-text.js';
import { InvalidArgumentError } from 'commander';
import { inFull } from '../publishing/image-references.js';
import type { ImageToRead } from '../publishing/image-to-read.js';
import { splitAssignment } from './split-assignment.js';

/** Values by component name, in the order given. */
export type ByName = ReadonlyMap<string, readonly string[]>;

/** `--image NAME=SOURCE`, repeatable; sources as skopeo's transports, and `containerd:REF`. */
export function imageOption(text: string, earlier: readonly ImageToRead[]): readonly ImageToRead[] {
  const { name, value } = splitAssignment(text, 'NAME=SOURCE, like etcd=oci:./layout:3.4.13-0');
  if (!COMPONENT_NAME.test(name)) {
    throw new InvalidArgumentError('A component name has lower-case letters, digits, ".", "_" and "-", at most 63.');
  }
  if (earlier.some((image) => image.name === name)) {
    throw new InvalidArgumentError(`Image ${name} is given twice; a manifest lists one image of a name.`);
  }
  return [...earlier, { name, location: locationOf(value), shown: value }];
}

/** `--platform OS/ARCH` */
export function platformOption(text: string): Platform {
  return orInvalid(() => parsePlatform(text));
}

/** `--reference NAME=REF`, repeatable. */
export function referenceOption(text: string, earlier: ByName): ByName {
  const { name, value } = splitAssignment(text, 'NAME=REF, like etcd=registry.k8s.io/etcd:3.4.13-0');
  const reference = inFull(value);
  if (reference === undefined) throw new InvalidArgumentError(`"${value}" is no image reference.`);
  return added(earlier, name, reference);
}

/** `--command NAME=PATH`, repeatable. */
export function commandOption(text: string, earlier: ByName): ByName {
  const { name, value } = splitAssignment(text, 'NAME=PATH, like etcd=/usr/local/bin/etcd');
  if (!isAbsolutePathText(value)) throw new InvalidArgumentError(`"${value}" is no absolute path.`);
  return added(earlier, name, value);
}

const CONTAINERD = 'containerd:';

function locationOf(text: string): ImageLocation {
  if (text.startsWith(CONTAINERD)) {
    const name = text.slice(CONTAINERD.length);
    if (parseImageReference(name) === undefined) throw new InvalidArgumentError(`"${name}" is no image reference.`);
    return { kind: 'containerd', name };
  }
  const location = orInvalid(() => parseImageLocation(text));
  if (location.kind !== 'containerd') return location;
  throw new InvalidArgumentError(
    'Write where the image is as oci:DIR[:NAME], oci-archive:FILE[:NAME], docker-archive:FILE[:REF] or containerd:REF; ' +
      'from a registry first: skopeo copy docker://REF oci-archive:FILE:REF.',
  );
}

function added(earlier: ByName, name: string, value: string): ByName {
  const before = earlier.get(name) ?? [];
  return before.includes(value) ? earlier : new Map([...earlier, [name, [...before, value]]]);
}

function orInvalid<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new InvalidArgumentError(`${reasonOf(error)}.`);
  }
}
