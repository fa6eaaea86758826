import {
  type BigIntStats,
  close as closeCallback,
  constants,
  fstat as fstatCallback,
  open as openCallback,
} from 'node:fs';
import { promisify } from 'node:util';
import { below, O_PATH } from '../hashing/walk-path.js';
import { errnoOf } from '../runtime/coded-error.js';

/** A directory or a file of one layer. Whoever gets it closes the descriptor, which is an O_PATH one. */
export interface LayerNode {
  /** Its place in the layers, from the top. */
  readonly layer: number;
  readonly fd: number;
}

/** What one name is in directories laid over each other. */
export type LayeredName =
  | { readonly state: 'absent' }
  /** A layer says that there is nothing, whatever those below hold. */
  | { readonly state: 'whiteout'; readonly layer: number }
  /** Merged from all of these. */
  | { readonly state: 'directory'; readonly nodes: readonly LayerNode[] }
  /** No directory; `hides` are layers below that have something by this name. */
  | { readonly state: 'file'; readonly node: LayerNode; readonly stat: BigIntStats; readonly hides: readonly number[] };

const open = promisify<string | Buffer, number, number>(openCallback);
const close = promisify(closeCallback);
const fstat = promisify(
  fstatCallback as (
    fd: number,
    options: { bigint: true },
    done: (error: Error | null, stat: BigIntStats) => void,
  ) => void,
);

/**
 * The topmost layer that has the name decides; directories are merged until a layer has something else there
 * (Linux, overlayfs.rst, "Merged directories").
 * @param at directories from the top
 * @param whiteouts whether a character device 0/0 means that a name is gone
 * @throws what the kernel answers except ENOENT
 */
export async function lookUpLayered(at: readonly LayerNode[], name: Buffer, whiteouts: boolean): Promise<LayeredName> {
  const directories: LayerNode[] = [];
  const hides: number[] = [];
  let file: { node: LayerNode; stat: BigIntStats } | undefined;
  try {
    for (const { layer, fd: parent } of at) {
      const fd = await openIfThere(below(parent, name));
      if (fd === undefined) continue;
      let kept = false;
      try {
        const stat = await fstat(fd, { bigint: true });
        if (whiteouts && stat.isCharacterDevice() && stat.rdev === 0n) {
          if (directories.length === 0 && file === undefined) return { state: 'whiteout', layer };
          break;
        }
        if (file !== undefined) hides.push(layer);
        else if (stat.isDirectory()) kept = directories.push({ layer, fd }) > 0;
        else if (directories.length > 0) break;
        else {
          file = { node: { layer, fd }, stat };
          kept = true;
        }
      } finally {
        if (!kept) await close(fd);
      }
    }
  } catch (error) {
    await closeNodes(file === undefined ? directories : [file.node]);
    throw error;
  }
  if (file !== undefined) return { state: 'file', ...file, hides };
  return directories.length === 0 ? { state: 'absent' } : { state: 'directory', nodes: directories };
}

async function openIfThere(path: string | Buffer): Promise<number | undefined> {
  try {
    return await open(path, O_PATH | constants.O_NOFOLLOW);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export async function closeNodes(nodes: readonly LayerNode[]): Promise<void> {
  for (const { fd } of nodes) await close(fd);
}
