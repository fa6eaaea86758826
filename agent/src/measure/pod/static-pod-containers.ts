import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { listFilesBelow } from '@sealwatch/shared/hashing/list-files-below.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import { cutText } from '../cut-text.js';
import { readSmallFile } from '../host/read-small-file.js';
import { STATIC_POD_DIRECTORY, staticPodPlaces } from '../kubelet/static-pod-places.js';
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

const MAX_FILES = 64;
const MAX_FILE_BYTES = 256 * 1024;
const MAX_PATH_BYTES = 256;

/**
 * The containers of all static pods, from where the host's kubelet looks for them. As it does, takes a file that was
 * named alone, and every file of a directory whose name doesn't begin with a dot, whatever it ends in: a forgotten
 * `.bak` is a pod, too. Nothing there: no pods. Never throws.
 */
export async function staticPodContainers(hostRoot: string, procRoot?: string): Promise<StaticPodContainer[]> {
  const containers: StaticPodContainer[] = [];
  for (const place of await staticPodPlaces(hostRoot, procRoot)) {
    if (place.state === 'told') containers.push(...(await containersAt(hostRoot, place.path)));
    else containers.push({ ...place, file: STATIC_POD_DIRECTORY, digest: null });
  }
  return containers;
}

async function containersAt(hostRoot: string, place: string): Promise<StaticPodContainer[]> {
  const path = Buffer.from(place);
  const listed = await listFilesBelow(hostRoot, path, MAX_FILES);
  if (listed.state === 'absent') return [];
  if (listed.state === 'no-directory') return containersIn(hostRoot, path);
  if (listed.state === 'unreadable') return [{ ...listed, file: fileText(path), digest: null }];
  const containers: StaticPodContainer[] = [];
  for (const name of listed.names) {
    if (name[0] === DOT) continue;
    containers.push(...(await containersIn(hostRoot, Buffer.concat([path, SLASH, name]))));
  }
  return containers;
}

const SLASH = Buffer.from('/');
const DOT = 0x2e;

async function containersIn(hostRoot: string, path: Buffer): Promise<StaticPodContainer[]> {
  const file = fileText(path);
  const read = await readSmallFile(hostRoot, path, MAX_FILE_BYTES);
  if (read.state === 'absent') return [];
  if (read.state === 'unreadable') return [{ ...read, file, digest: null }];
  const digest = sha256(read.bytes);
  const pod = decodePod(read.bytes, MAX_FILE_BYTES);
  if (pod.state === 'unreadable') return [{ ...pod, file, digest }];
  return pod.containers.map((container) => ({ state: 'read', file, digest, container }));
}

function fileText(path: Buffer): string {
  return cutText(pathText(path), MAX_PATH_BYTES);
}
