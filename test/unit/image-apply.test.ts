import fc from 'fast-check';
import { expect, it } from 'vitest';
import { appliedTree, treeLines } from '../fakes/applied-tree.js';
import { directory, file, opaque, tarOf, type TarMember, whiteout } from '../fakes/tar-writer.js';

type Action = {
  readonly kind: 'file' | 'directory' | 'whiteout' | 'opaque';
  readonly path: string;
  readonly mode: number;
};

/**
 * Layers as the image specification tells it, without a tree: a flat list of paths. Slow and plain; no links, and a layer
 * lists the directories of what it lists.
 */
class FlatFileSystem {
  readonly #paths = new Map<string, { layer: number; line: string; directory: boolean }>();

  apply(layer: number, { kind, path, mode }: Action): void {
    if (kind === 'whiteout') this.#hide((one) => one === path || one.startsWith(`${path}/`), layer);
    else if (kind === 'opaque') this.#hide((one) => one.startsWith(path === '' ? '' : `${path}/`), layer);
    else {
      const steps = path.split('/');
      for (let i = 1; i < steps.length; i++) {
        const parent = steps.slice(0, i).join('/');
        if (!this.#paths.has(parent)) this.#set(parent, layer, true, 0o755);
      }
      if (kind === 'file') this.#remove((one) => one.startsWith(`${path}/`));
      this.#set(path, layer, kind === 'directory', mode);
    }
  }

  isFile(path: string): boolean {
    return this.#paths.get(path)?.directory === false;
  }

  get lines(): string[] {
    return [...this.#paths.values()].map(({ line }) => line);
  }

  #set(path: string, layer: number, isDirectory: boolean, mode: number): void {
    const kind = isDirectory ? 'directory' : 'file';
    const line = `/${path} ${kind} ${mode.toString(8)}${isDirectory ? '' : ' 0'}`;
    this.#paths.set(path, { layer, line, directory: isDirectory });
  }

  #hide(matches: (path: string) => boolean, layer: number): void {
    const kept = [...this.#paths]
      .filter(([path, { layer: own }]) => !matches(path) || own >= layer)
      .map(([path]) => path);
    this.#remove((path) => matches(path) && !kept.some((one) => one === path || one.startsWith(`${path}/`)));
  }

  #remove(matches: (path: string) => boolean): void {
    for (const path of [...this.#paths.keys()]) if (matches(path)) this.#paths.delete(path);
  }
}

const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }).map((steps) => steps.join('/'));
const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom('file', 'file', 'directory', 'whiteout', 'opaque'),
  path,
  mode: fc.constantFrom(0o644, 0o755, 0o700),
});

function member({ kind, path: name, mode }: Action): TarMember {
  switch (kind) {
    case 'file':
      return file(name, '', mode);
    case 'directory':
      return directory(name, mode);
    case 'whiteout':
      return whiteout(name);
    case 'opaque':
      return opaque(name);
  }
}

it('layers make the file system that the specification describes', () => {
  fc.assert(
    fc.property(fc.array(fc.array(action, { maxLength: 12 }), { maxLength: 5 }), (plan) => {
      const oracle = new FlatFileSystem();
      const layers = plan.map((actions, layer) => {
        const members: TarMember[] = [];
        for (const one of actions) {
          // below a file nothing can be put: such archives are refused
          const parents = one.path.split('/').map((_, i, steps) => steps.slice(0, i).join('/'));
          if ((one.kind === 'file' || one.kind === 'directory') && parents.some((parent) => oracle.isFile(parent)))
            continue;
          oracle.apply(layer, one);
          members.push(member(one));
        }
        return tarOf(members);
      });
      expect(treeLines(appliedTree(layers)).sort()).toEqual(oracle.lines.sort());
    }),
    { numRuns: 500 },
  );
});
