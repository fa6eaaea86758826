import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { listFilesBelow } from '@sealwatch/shared/hashing/list-files-below.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import { cutText } from '../cut-text.js';
import { readSmallFile } from '../host/read-small-file.js';
import { decodePod, type PodContainer } from './decode-pod.js';

/** A container that the kubelet starts from a file of the host, or why that file says nothing. */
export type StaticPodContainer =
  | {
      readonly state: 'read';
      /** Path text of the file below the host root. */
      readonly file: string;
      /** Of the file. */
      readonly digest: Digest;
      readonly container: PodContainer;
    }
  | {
      readonly state: 'unreadable';
      readonly file: string;
      /** Null if not even the file's bytes could be read. */
      readonly digest: Digest | null;
      readonly reason: string;
    };

/** Where kubeadm has the kubelet look (`staticPodPath`). */
export const STATIC_POD_DIRECTORY = '/etc/kubernetes/manifests';

const MAX_FILES = 64;
const MAX_FILE_BYTES = 256 * 1024;
const MAX_PATH_BYTES = 256;

/**
 * The containers of all static pods. As the kubelet does, takes every file whose name doesn't begin with a dot,
 * whatever it ends in: a forgotten `.bak` is a pod, too. No directory: no pods. Never throws.
 */
export async function staticPodContainers(hostRoot: string): Promise<StaticPodContainer[]> {
  const listed = await listFilesBelow(hostRoot, Buffer.from(STATIC_POD_DIRECTORY), MAX_FILES);
  if (listed.state === 'absent') return [];
  if (listed.state === 'unreadable') return [{ ...listed, file: STATIC_POD_DIRECTORY, digest: null }];
  const containers: StaticPodContainer[] = [];
  for (const name of listed.names) {
    if (name[0] === DOT) continue;
    containers.push(...(await containersIn(hostRoot, Buffer.concat([Buffer.from(`${STATIC_POD_DIRECTORY}/`), name]))));
  }
  return containers;
}

const DOT = 0x2e;

async function containersIn(hostRoot: string, path: Buffer): Promise<StaticPodContainer[]> {
  const file = cutText(pathText(path), MAX_PATH_BYTES);
  const read = await readSmallFile(hostRoot, path, MAX_FILE_BYTES);
  if (read.state === 'absent') return [];
  if (read.state === 'unreadable') return [{ ...read, file, digest: null }];
  const digest = sha256(read.bytes);
  const pod = decodePod(read.bytes, MAX_FILE_BYTES);
  if (pod.state === 'unreadable') return [{ ...pod, file, digest }];
  return pod.containers.map((container) => ({ state: 'read', file, digest, container }));
}
