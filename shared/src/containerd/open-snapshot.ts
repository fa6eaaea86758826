import { type BigIntStats, close as closeCallback, constants, open as openCallback } from 'node:fs';
import { promisify } from 'node:util';
import { fileTypeOf } from '../hashing/file-type.js';
import { unreadableReason } from '../hashing/unreadable-reason.js';
import { O_PATH } from '../hashing/walk-path.js';
import type { FileType } from '../measurement/file-measurement.js';
import { closeNodes, type LayerNode } from './layered-lookup.js';
import { walkLayers } from './layered-walk.js';
import type { LayerDirectory, SnapshotLayers } from './snapshot-layers.js';

/** The directories of a snapshot, held open so that all files of an image are looked for in the same ones. */
export type OpenedSnapshot =
  | { readonly state: 'opened'; locate(path: Buffer): Promise<LocatedFile>; close(): Promise<void> }
  | { readonly state: 'unreadable'; readonly reason: string };

/** Where a path of a snapshot's file system really is. `found` owns a descriptor: close it. */
export type LocatedFile =
  | {
      readonly state: 'found';
      /** Open for reading, a regular file. */
      readonly fd: number;
      readonly stat: BigIntStats;
      /** Which of the snapshot's directories, from the top. */
      readonly layer: number;
      /** The container has written it, or its image has no layers to tell (the native snapshotter). */
      readonly writable: boolean;
      /** From the snapshot's root, without symlinks. */
      readonly realPath: Buffer;
      /** The file's own path, as containerd sees it. */
      readonly file: Buffer;
      /** Layers below that hold something by the same name: this one shadows them. */
      readonly hides: readonly number[];
      /**
       * Layers above that have a directory on the way. Each of them hides this file if that directory is opaque, which
       * only an extended attribute tells and Node can't read: ask `seenByProcess`.
       */
      readonly under: readonly number[];
      close(): Promise<void>;
    }
  | { readonly state: 'absent' }
  /** A layer says the name is gone. */
  | { readonly state: 'whiteout'; readonly layer: number; readonly writable: boolean }
  | { readonly state: 'not-regular'; readonly fileType: FileType }
  | { readonly state: 'unreadable'; readonly reason: string };

const open = promisify<string, number, number>(openCallback);
const close = promisify(closeCallback);

/**
 * Opens the directories of a snapshot below a host root; nothing leads out of the root, and nothing in a snapshot leads
 * out of the snapshot. Never throws.
 */
export async function openSnapshot(
  hostRoot: string,
  layers: Exclude<SnapshotLayers, { kind: 'unsupported' }>,
): Promise<OpenedSnapshot> {
  const opened: LayerNode[] = [];
  try {
    const root = { layer: 0, fd: await open(hostRoot, O_PATH | constants.O_DIRECTORY) };
    try {
      for (const [layer, { path }] of layers.directories.entries()) {
        const found = await walkLayers([root], Buffer.from(path), { whiteouts: false });
        if (found.state === 'file') await closeNodes([found.node]);
        const directory = found.state === 'directory' ? found.nodes[0] : undefined;
        if (directory === undefined) {
          await closeNodes(opened);
          return { state: 'unreadable', reason: `a directory of its snapshot is missing (layer ${String(layer)})` };
        }
        opened.push({ layer, fd: directory.fd });
      }
    } finally {
      await close(root.fd);
    }
  } catch (error) {
    await closeNodes(opened);
    return { state: 'unreadable', reason: `its snapshot: ${unreadableReason(error)}` };
  }
  const whiteouts = layers.kind === 'overlay';
  return {
    state: 'opened',
    locate: (path) => locate(opened, path, { whiteouts, directories: layers.directories }),
    close: () => closeNodes(opened),
  };
}

async function locate(
  roots: readonly LayerNode[],
  path: Buffer,
  { whiteouts, directories }: { whiteouts: boolean; directories: readonly LayerDirectory[] },
): Promise<LocatedFile> {
  try {
    const at = await walkLayers(roots, path, { whiteouts });
    switch (at.state) {
      case 'file':
        break;
      case 'directory':
        await closeNodes(at.nodes);
        return { state: 'not-regular', fileType: 'directory' };
      case 'whiteout':
        return { ...at, writable: isWritable(directories, at.layer) };
      case 'absent':
      case 'unreadable':
        return at;
    }
    const { node, stat, realPath, hides, under } = at;
    try {
      if (!stat.isFile()) return { state: 'not-regular', fileType: fileTypeOf(stat) };
      const fd = await open(`/proc/self/fd/${String(node.fd)}`, constants.O_RDONLY | constants.O_NONBLOCK);
      const file = Buffer.concat([Buffer.from(directories[node.layer]?.path ?? ''), realPath]);
      const writable = isWritable(directories, node.layer);
      const where = { layer: node.layer, writable, realPath, file, hides, under };
      return { state: 'found', fd, stat, ...where, close: () => close(fd) };
    } finally {
      await closeNodes([node]);
    }
  } catch (error) {
    return { state: 'unreadable', reason: unreadableReason(error) };
  }
}

function isWritable(directories: readonly LayerDirectory[], layer: number): boolean {
  return directories[layer]?.writable === true;
}
