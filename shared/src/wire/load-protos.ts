import { loadPackageDefinition, type GrpcObject } from '@grpc/grpc-js';
import type { ProtoGrpcType as AgentTypes } from './generated/agent.js';
import type { ProtoGrpcType as EnrollmentTypes } from './generated/enrollment.js';
import type { ProtoGrpcType as QueryTypes } from './generated/query.js';
import { packageDefinition, type PackageDefinition } from './package-definition.js';
import { readProtoDirectory } from './proto-directory.js';

/** The services of proto/sealwatch/v1 and their messages, under the types generated from the same files. */
export type SealwatchProtos = AgentTypes['sealwatch']['v1'] &
  EnrollmentTypes['sealwatch']['v1'] &
  QueryTypes['sealwatch']['v1'];

const FILES = ['sealwatch/v1/agent.proto', 'sealwatch/v1/enrollment.proto', 'sealwatch/v1/query.proto'];

/** @throws CodedError('file.unreadable') if the proto directory is not where the build put it */
export function loadProtos(): SealwatchProtos {
  const loaded: GrpcObject & { sealwatch?: unknown } = loadPackageDefinition(loadProtoDefinition(FILES));
  return (loaded.sealwatch as { v1: SealwatchProtos }).v1;
}

/** @throws CodedError('file.unreadable') if the proto directory is not where the build put it */
export function loadProtoDefinition(files: readonly string[]): PackageDefinition {
  return packageDefinition(readProtoDirectory(files));
}
