import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPackageDefinition, type GrpcObject } from '@grpc/grpc-js';
import { fromJSON, loadSync, type Options, type PackageDefinition } from '@grpc/proto-loader';
import { CodedError } from '../runtime/coded-error.js';
import type { ProtoGrpcType as AgentTypes } from './generated/agent.js';
import type { ProtoGrpcType as EnrollmentTypes } from './generated/enrollment.js';
import type { ProtoGrpcType as QueryTypes } from './generated/query.js';

/** The services of proto/sealwatch/v1 and their messages, under the types generated from the same files. */
export type SealwatchProtos = AgentTypes['sealwatch']['v1'] &
  EnrollmentTypes['sealwatch']['v1'] &
  QueryTypes['sealwatch']['v1'];

const FILES = ['sealwatch/v1/agent.proto', 'sealwatch/v1/enrollment.proto', 'sealwatch/v1/query.proto'];

/** The generated types hold only under these: scripts/generate-wire-types.sh says the same. */
const OPTIONS: Options = { keepCase: false, longs: String, enums: String, defaults: true, oneofs: true };

/** A bundled program has no proto directory; it hands in the descriptors it was built with. */
export type ProtoDescriptors = Parameters<typeof fromJSON>[0];

/** @throws CodedError('file.unreadable') if the proto directory is not where the build put it */
export function loadProtos(descriptors?: ProtoDescriptors): SealwatchProtos {
  const loaded: GrpcObject & { sealwatch?: unknown } = loadPackageDefinition(loadProtoDefinition(FILES, descriptors));
  return (loaded.sealwatch as { v1: SealwatchProtos }).v1;
}

/**
 * Files of the proto directory and what they import, or what a bundle was built with.
 * @throws CodedError('file.unreadable') if the proto directory is not where the build put it
 */
export function loadProtoDefinition(files: readonly string[], descriptors?: ProtoDescriptors): PackageDefinition {
  return descriptors === undefined ? fromDirectory(protoDirectory(), files) : fromJSON(descriptors, OPTIONS);
}

function fromDirectory(directory: string, files: readonly string[]): PackageDefinition {
  if (!existsSync(join(directory, 'sealwatch'))) {
    throw new CodedError('file.unreadable', `${directory} does not hold Sealwatch's protocol files; install it anew`);
  }
  return loadSync([...files], { ...OPTIONS, includeDirs: [directory] });
}

/** The same from shared/src/wire and from shared/dist/wire. */
function protoDirectory(): string {
  return join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'proto');
}
