import type { DirectoryNode, TreeNode } from './tree-node.js';

/**
 * Takes away what layers below `layer` put at and below a node. A directory is looked through once per layer, however
 * many whiteouts name it: afterwards it holds only what this layer put there. No deeper than a path is long.
 * @returns whether anything of `layer` is left
 */
export function hideLower(node: TreeNode, layer: number): boolean {
  if (node.kind !== 'directory') return node.layer >= layer;
  hideLowerChildren(node, layer);
  return node.layer >= layer || node.children.size > 0;
}

export function hideLowerChildren(directory: DirectoryNode, layer: number): void {
  if (directory.opaqueIn === layer) return;
  directory.opaqueIn = layer;
  for (const [name, child] of directory.children) if (!hideLower(child, layer)) directory.children.delete(name);
}
