import type { Digest } from '../../hashing/digest.js';
import type { TarKind } from '../tar/tar-entry.js';

/** What stands under one name of the file system. `layer` is the index of the layer that put it there. */
export type TreeNode = DirectoryNode | FileNode | SymlinkNode | OtherNode;

export interface DirectoryNode {
  readonly kind: 'directory';
  layer: number;
  mode: number;
  /** By name: bytes, one character each (`latin1`). */
  readonly children: Map<string, TreeNode>;
  /** The last layer that hid all that lower layers have here. */
  opaqueIn: number;
}

export interface FileNode {
  readonly kind: 'file';
  readonly layer: number;
  /** One object for all names of a file: hard links. */
  readonly content: FileContent;
}

export interface SymlinkNode {
  readonly kind: 'symlink';
  readonly layer: number;
  readonly target: string;
}

export interface OtherNode {
  readonly kind: 'other';
  readonly layer: number;
  readonly type: TarKind;
}

export interface FileContent {
  mode: number;
  /** Bytes. */
  readonly size: number;
  /** Of files that are executable or ELF objects; of others undefined. */
  digest: Digest | undefined;
  /** The first line of an executable script, without `#!`. */
  script: string | undefined;
}

export const EXECUTE_BITS = 0o111;

export function newDirectory(layer: number, mode: number): DirectoryNode {
  return { kind: 'directory', layer, mode, children: new Map(), opaqueIn: -1 };
}
