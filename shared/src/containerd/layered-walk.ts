import type { BigIntStats } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { below, isParent, MAX_LINKS, MAX_LOOKUPS, stepsOf } from '../hashing/walk-path.js';
import { closeNodes, type LayerNode, lookUpLayered } from './layered-lookup.js';

/** What a path leads to in directories laid over each other. Whoever gets nodes closes them. */
export type LayeredPath =
  | { readonly state: 'directory'; readonly nodes: readonly LayerNode[] }
  | {
      readonly state: 'file';
      readonly node: LayerNode;
      readonly stat: BigIntStats;
      /** Without symlinks, from the snapshot's root. */
      readonly realPath: Buffer;
      /** Layers below that have something by the same name. */
      readonly hides: readonly number[];
      /** Layers above that have a directory on the way. */
      readonly under: readonly number[];
    }
  | { readonly state: 'absent' }
  | { readonly state: 'whiteout'; readonly layer: number }
  | { readonly state: 'unreadable'; readonly reason: string };

/**
 * Follows a path as overlayfs does, without a mount. Symlinks are resolved inside the layers, as `openBelow` does inside
 * its root: absolute ones begin again at the root, `..` stops there.
 * @param roots directories from the top; they stay open
 * @throws what the kernel answers except ENOENT
 */
export async function walkLayers(
  roots: readonly LayerNode[],
  path: Buffer,
  { whiteouts }: { readonly whiteouts: boolean },
): Promise<LayeredPath> {
  const pending = stepsOf(path).reverse();
  const resolved: Buffer[] = [];
  const passed = new Set<number>();
  let links = 0;
  let at = roots;
  const goTo = async (nodes: readonly LayerNode[]): Promise<void> => {
    const left = at;
    at = nodes;
    if (left !== roots) await closeNodes(left);
  };
  const restart = async (): Promise<void> => {
    resolved.length = 0;
    await goTo(roots);
  };
  try {
    for (let lookups = 0; lookups < MAX_LOOKUPS; lookups++) {
      const step = pending.pop();
      if (step === undefined) {
        const nodes = at;
        at = roots;
        return { state: 'directory', nodes: nodes === roots ? [] : nodes };
      }
      if (isParent(step)) {
        pending.push(...resolved.slice(0, -1).reverse());
        await restart();
        continue;
      }
      const name = await lookUpLayered(at, step, whiteouts);
      if (name.state === 'directory') {
        for (const { layer } of name.nodes) passed.add(layer);
        resolved.push(step);
        await goTo(name.nodes);
        continue;
      }
      if (name.state !== 'file') return name;
      const { node, stat, hides } = name;
      if (stat.isSymbolicLink()) {
        await closeNodes([node]);
        if (++links > MAX_LINKS) return { state: 'unreadable', reason: 'the path has too many symlinks' };
        const target = await readlink(below(fdOf(at, node.layer), step), 'buffer');
        pending.push(...stepsOf(target).reverse());
        if (target[0] === SLASH) await restart();
        continue;
      }
      if (pending.length > 0) {
        await closeNodes([node]);
        return { state: 'absent' };
      }
      const realPath = Buffer.concat([...resolved, step].flatMap((part) => [Buffer.from('/'), part]));
      const under = [...passed].filter((layer) => layer < node.layer).sort((a, b) => a - b);
      return { state: 'file', node, stat, realPath, hides, under };
    }
    return { state: 'unreadable', reason: 'the path has too many steps' };
  } finally {
    await goTo(roots);
  }
}

const SLASH = 0x2f;

function fdOf(at: readonly LayerNode[], layer: number): number {
  return at.find((node) => node.layer === layer)?.fd ?? -1;
}
