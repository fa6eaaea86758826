import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf, { type Root } from 'protobufjs';
import { CodedError } from '../runtime/coded-error.js';

/**
 * Files of the project's proto directory, and what they import. A bundle has no such directory: scripts/protos-inside.mjs
 * puts descriptors in this module's place.
 * @throws CodedError('file.unreadable') if the proto directory is not where the build put it
 */
export function readProtoDirectory(files: readonly string[]): Root {
  const directory = protoDirectory();
  if (!existsSync(join(directory, 'sealwatch'))) {
    throw new CodedError('file.unreadable', `${directory} does not hold Sealwatch's protocol files; install it anew`);
  }
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(directory, target);
  return root.loadSync([...files]);
}

/** The same from shared/src/wire and from shared/dist/wire. */
function protoDirectory(): string {
  return join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'proto');
}
