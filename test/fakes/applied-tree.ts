import { FileSystemTree } from '@sealwatch/shared/image/tree/file-system-tree.js';
import { listExecutables } from '@sealwatch/shared/image/tree/list-executables.js';
import type { TreeLimits } from '@sealwatch/shared/image/tree/tree-budget.js';

/** The tree that layers make, read in pieces that end nowhere in particular. */
export function appliedTree(layers: readonly Buffer[], limits?: TreeLimits, pieceBytes = 10_007): FileSystemTree {
  const tree = new FileSystemTree(limits);
  layers.forEach((tar, index) => {
    const sink = tree.layer(index);
    for (let at = 0; at < tar.length; at += pieceBytes) Array.from(sink.push(tar.subarray(at, at + pieceBytes)));
    sink.end();
  });
  return tree;
}

/** Every path with what is there: `/bin/a file 755 4`, `/lib -> usr/lib`, `/etc directory 755`. */
export function treeLines(tree: FileSystemTree): string[] {
  return [...tree.entries()].map(({ path, node }) => {
    switch (node.kind) {
      case 'file':
        return `${path} file ${node.content.mode.toString(8)} ${String(node.content.size)}`;
      case 'directory':
        return `${path} directory ${node.mode.toString(8)}`;
      case 'symlink':
        return `${path} -> ${node.target}`;
      case 'other':
        return `${path} ${node.type}`;
    }
  });
}

export function pathsOf(tree: FileSystemTree): string[] {
  return [...tree.entries()].map(({ path }) => path);
}

export function executablePaths(tree: FileSystemTree): string[] {
  return listExecutables(tree).map(({ path }) => path);
}
