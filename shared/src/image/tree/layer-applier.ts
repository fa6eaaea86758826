import type { TarEntry } from '../tar/tar-entry.js';
import type { TarSink } from '../tar/tar-reader.js';
import { entrySteps, isOddName, nameText, refused, requireShortPath } from './entry-name.js';
import { FileDigester } from './file-digester.js';
import { hideLower, hideLowerChildren } from './hide-lower.js';
import { impliedDirectory, resolveInRoot, stepsOf } from './resolve-in-root.js';
import { type DirectoryNode, EXECUTE_BITS, newDirectory, type TreeNode } from './tree-node.js';
import type { TreeBudget } from './tree-budget.js';

const WHITEOUT = '.wh.';
/** AUFS's own files at the root of a layer; only the mark of an opaque directory has a meaning. */
const WHITEOUT_META = '.wh..wh.';
const OPAQUE = '.wh..wh..opq';

/**
 * Puts one layer on top of a tree, as containerd unpacks it (OCI image-spec 1.1, layer.md): whiteouts hide only what lower
 * layers have, wherever they stand in the archive; a directory joins a directory and anything else replaces what was
 * there; names lead through links inside the root, never out of it. What containerd can't unpack is refused.
 */
export class LayerApplier implements TarSink {
  readonly #root: DirectoryNode;
  readonly #layer: number;
  readonly #budget: TreeBudget;
  #file: FileDigester | undefined;

  constructor(root: DirectoryNode, layer: number, budget: TreeBudget) {
    this.#root = root;
    this.#layer = layer;
    this.#budget = budget;
  }

  /** @throws CodedError('image.malformed' | 'limit.exceeded') */
  entry(entry: TarEntry): void {
    this.#file = entry.kind === 'file' ? new FileDigester(entry) : undefined;
    this.#budget.spendEntry();
    if (!entry.contiguous) this.#budget.spendSparseBytes(entry.size);
    const steps = entrySteps(entry.name);
    if (isOddName(entry.name))
      this.#budget.note(`layer entry ${nameText(entry.name)} is taken as /${nameText(steps.join('/'))}`);
    const name = steps[steps.length - 1];
    if (name === undefined || (steps[0]?.startsWith(WHITEOUT_META) === true && steps.join('/') !== OPAQUE)) return;
    if (name === OPAQUE) this.#hideAll(steps.slice(0, -1));
    else if (name.startsWith(WHITEOUT)) this.#hide(entry.name, steps.slice(0, -1), name.slice(WHITEOUT.length));
    else this.#put(entry, this.#parentOf(entry, steps), name);
  }

  data(bytes: Uint8Array): void {
    this.#file?.data(bytes);
  }

  *hole(bytes: number): Generator<void> {
    if (this.#file !== undefined) yield* this.#file.hole(bytes);
  }

  entryEnd(): void {
    this.#file?.end();
    this.#file = undefined;
  }

  #put(entry: TarEntry, parent: DirectoryNode, name: string): void {
    const before = parent.children.get(name);
    if (entry.kind === 'directory' && before?.kind === 'directory') {
      before.layer = this.#layer;
      before.mode = entry.mode;
      return;
    }
    parent.children.delete(name);
    parent.children.set(name, this.#node(entry));
  }

  #node(entry: TarEntry): TreeNode {
    const layer = this.#layer;
    switch (entry.kind) {
      case 'directory':
        this.#budget.spendNode();
        return newDirectory(layer, entry.mode);
      case 'file':
        this.#budget.spendNode();
        return { kind: 'file', layer, content: (this.#file ?? new FileDigester(entry)).content };
      case 'symlink':
        this.#budget.spendNode();
        if (entry.linkName === '' || entry.linkName.length > 4096) throw refused(entry.name, 'is a link to no path');
        return { kind: 'symlink', layer, target: entry.linkName };
      case 'hard-link':
        this.#budget.spendNode();
        return this.#linked(entry);
      case 'character-device':
      case 'block-device':
      case 'fifo':
        this.#budget.spendNode();
        return { kind: 'other', layer, type: entry.kind };
    }
  }

  /** Another name for what is there already, in this layer or a lower one. */
  #linked(entry: TarEntry): TreeNode {
    const target = resolveInRoot(this.#root, entrySteps(entry.linkName), {
      followLast: false,
      onLookup: this.#budget.spendLookup,
    });
    if (target.state !== 'found' || target.node.kind === 'directory') {
      throw refused(entry.name, `is a hard link to ${nameText(entry.linkName)}, which is no file`);
    }
    const { node } = target;
    if (node.kind !== 'file') return { ...node, layer: this.#layer };
    // unpacking sets the mode once more, for all names of the file
    if ((entry.mode & EXECUTE_BITS) !== 0 && node.content.digest === undefined) {
      throw refused(entry.name, 'is a hard link that makes its file executable');
    }
    node.content.mode = entry.mode;
    return { kind: 'file', layer: this.#layer, content: node.content };
  }

  #parentOf(entry: TarEntry, steps: readonly string[]): DirectoryNode {
    const make = (parent: DirectoryNode, name: string): DirectoryNode => {
      this.#budget.spendNode();
      return impliedDirectory(parent, name, this.#layer);
    };
    const above = steps.slice(0, -1);
    const found = resolveInRoot(this.#root, above, { followLast: true, make, onLookup: this.#budget.spendLookup });
    if (found.state !== 'found' || found.node.kind !== 'directory') {
      throw refused(entry.name, 'is below something that is no directory');
    }
    requireShortPath([...found.steps, steps[steps.length - 1] ?? '']);
    if (found.links > 0) {
      const place = nameText(found.steps.join('/'));
      this.#budget.note(
        `layer entry ${nameText(entry.name)} leads through a link to /${place}; some runtimes see it elsewhere`,
      );
    }
    return found.node;
  }

  #hide(name: string, above: readonly string[], hidden: string): void {
    if (stepsOf(hidden).length !== 1 || hidden === '..') throw refused(name, 'is a whiteout of nothing');
    const parent = this.#existing(above);
    const node = parent?.children.get(hidden);
    if (parent !== undefined && node !== undefined && !hideLower(node, this.#layer)) parent.children.delete(hidden);
  }

  #hideAll(steps: readonly string[]): void {
    const directory = this.#existing(steps);
    if (directory !== undefined) hideLowerChildren(directory, this.#layer);
  }

  #existing(steps: readonly string[]): DirectoryNode | undefined {
    const found = resolveInRoot(this.#root, steps, { followLast: true, onLookup: this.#budget.spendLookup });
    return found.state === 'found' && found.node.kind === 'directory' ? found.node : undefined;
  }
}
