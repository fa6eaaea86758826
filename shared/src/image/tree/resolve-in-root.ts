import { type DirectoryNode, newDirectory, type TreeNode } from './tree-node.js';

export type Resolved =
  | {
      readonly state: 'found';
      readonly node: TreeNode;
      /** Without links. */
      readonly steps: readonly string[];
      /** Links followed. */
      readonly links: number;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'not-directory' }
  | { readonly state: 'symlink-loop' };

export interface ResolveOptions {
  /** Whether a link at the very end is followed. */
  readonly followLast: boolean;
  /** Makes directories where nothing is. */
  readonly make?: (parent: DirectoryNode, name: string) => DirectoryNode;
  /** Told of every name looked up, to bound the work. */
  readonly onLookup?: () => void;
}

/** The kernel's own limit (path_resolution(7)); containerd's is 255. */
const MAX_LINKS = 255;

/**
 * Where a path leads inside the tree. Links begin again at the tree's root or go on from where they stand, and `..` stops at
 * the root, as for a process whose root this is (chroot(2)) and as containerd resolves names (continuity, fs.RootPath).
 */
export function resolveInRoot(root: DirectoryNode, path: readonly string[], options: ResolveOptions): Resolved {
  const pending = [...path].reverse();
  const trail: { readonly name: string; readonly node: TreeNode }[] = [];
  let links = 0;
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    options.onLookup?.();
    const at = trail[trail.length - 1]?.node ?? root;
    if (at.kind !== 'directory') return { state: 'not-directory' };
    if (step === '..') {
      trail.pop();
      continue;
    }
    const next = at.children.get(step) ?? options.make?.(at, step);
    if (next === undefined) return { state: 'absent' };
    if (next.kind !== 'symlink' || (pending.length === 0 && !options.followLast)) {
      trail.push({ name: step, node: next });
      continue;
    }
    if (++links > MAX_LINKS) return { state: 'symlink-loop' };
    if (next.target.startsWith('/')) trail.length = 0;
    pending.push(...stepsOf(next.target).reverse());
  }
  const node = trail[trail.length - 1]?.node ?? root;
  return { state: 'found', node, steps: trail.map(({ name }) => name), links };
}

/** The names of a path, `..` among them. */
export function stepsOf(path: string): string[] {
  return path.split('/').filter((step) => step !== '' && step !== '.');
}

/** A directory nobody listed, as `mkdir -p` makes it. */
export function impliedDirectory(parent: DirectoryNode, name: string, layer: number): DirectoryNode {
  const made = newDirectory(layer, 0o755);
  parent.children.set(name, made);
  return made;
}
