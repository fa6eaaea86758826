import { join, resolve } from 'node:path';
import { GrpcContainerd } from '@sealwatch/shared/containerd/grpc-containerd.js';
import { loadContainerdProtos } from '@sealwatch/shared/containerd/load-containerd-protos.js';

/** Where a host has it unless its containerd is configured otherwise. */
export const DEFAULT_CONTAINERD_SOCKET = '/run/containerd/containerd.sock';

/** containerd of the host that is seen at `hostRoot`. Nothing is asked yet: close it. @param socket as the host has it */
export function connectContainerd(hostRoot: string, socket: string): GrpcContainerd {
  return new GrpcContainerd({ protos: loadContainerdProtos(), socket: resolve(join(hostRoot, socket)) });
}
