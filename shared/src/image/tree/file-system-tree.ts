import { TarReader } from '../tar/tar-reader.js';
import type { LayerSink } from '../closure/verify-layer.js';
import { LayerApplier } from './layer-applier.js';
import { TreeBudget, type TreeLimits } from './tree-budget.js';
import { type DirectoryNode, newDirectory, type TreeNode } from './tree-node.js';

/** The file system a container of the image gets, in memory: names, kinds and digests, no content. */
export class FileSystemTree {
  readonly root: DirectoryNode = newDirectory(-1, 0o755);
  readonly #budget: TreeBudget;

  constructor(limits?: TreeLimits) {
    this.#budget = new TreeBudget(limits);
  }

  /** Takes the next layer's tar as it flows by. Layers are applied in order, one after the other. */
  layer(index: number): LayerSink {
    return new TarReader(new LayerApplier(this.root, index, this.#budget));
  }

  /** What a publisher should know of how the layers are made. */
  get notes(): readonly string[] {
    return this.#budget.notes;
  }

  /** Everything below the root in the order of names. Paths are bytes, one character each (`latin1`), from `/` on. */
  *entries(): Generator<{ readonly path: string; readonly node: TreeNode }> {
    const pending: { path: string; node: TreeNode }[] = [{ path: '', node: this.root }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { path, node } = next;
      if (path !== '') yield next;
      if (node.kind !== 'directory') continue;
      const names = [...node.children.keys()].sort().reverse();
      for (const name of names) {
        const child = node.children.get(name);
        if (child !== undefined) pending.push({ path: `${path}/${name}`, node: child });
      }
    }
  }
}
