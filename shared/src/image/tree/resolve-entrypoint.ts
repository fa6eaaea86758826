import type { ContainerCommand } from '../document/image-config.js';
import type { FileSystemTree } from './file-system-tree.js';
import { imageFile, type ImageFile } from './list-executables.js';
import { nameText } from './entry-name.js';
import { resolveInRoot, stepsOf } from './resolve-in-root.js';
import { EXECUTE_BITS } from './tree-node.js';

/** What a container of the image runs when nothing else is said, or why nobody can tell. */
export type Entrypoint =
  | {
      readonly state: 'resolved';
      /** As the config says: the entrypoint, then its arguments. */
      readonly arguments: readonly string[];
      /** What is executed: the file itself, without links. */
      readonly file: ImageFile;
      /** Of a script: what runs it, and what runs that. */
      readonly interpreters: readonly ImageFile[];
    }
  | { readonly state: 'none'; readonly reason: string };

/** What runtimes set when an image says nothing (containerd, oci.WithDefaultPathEnv). */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** The kernel gives up after so many scripts that run scripts (execve(2)). */
const MAX_INTERPRETERS = 4;

export function resolveEntrypoint(tree: FileSystemTree, command: ContainerCommand): Entrypoint {
  const words = [...command.entrypoint, ...command.arguments];
  const [program] = words;
  if (program === undefined || program === '') return none('the config names no program');
  const found = lookUp(tree, toBytes(program), command);
  if (found === undefined) return none(`${nameText(toBytes(program))} is no executable file of the image`);
  const interpreters: ImageFile[] = [];
  for (let script = found.script; script !== undefined;) {
    const [name = ''] = script.trim().split(/[ \t]/, 1);
    const interpreter = executableAt(tree, inDirectory(command.workingDirectory, name));
    if (name === '' || interpreter === undefined)
      return none(`its interpreter ${nameText(name)} is no executable file of the image`);
    if (interpreters.push(interpreter.file) > MAX_INTERPRETERS) return none('scripts run one another without an end');
    script = interpreter.script;
  }
  return { state: 'resolved', arguments: words, file: found.file, interpreters };
}

interface Executable {
  readonly file: ImageFile;
  readonly script: string | undefined;
}

/** With a slash it is a path, else `PATH` is searched (execvp(3)). */
function lookUp(
  tree: FileSystemTree,
  program: string,
  { environment, workingDirectory }: ContainerCommand,
): Executable | undefined {
  if (program.includes('/')) return executableAt(tree, inDirectory(workingDirectory, program));
  const set = environment.filter((variable) => variable.startsWith('PATH=')).pop();
  const path = toBytes(set === undefined ? DEFAULT_PATH : set.slice('PATH='.length));
  for (const directory of path.split(':').slice(0, 1000)) {
    const found = executableAt(tree, [...inDirectory(workingDirectory, directory), program]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inDirectory(workingDirectory: string, path: string): string[] {
  return path.startsWith('/') ? stepsOf(path) : [...stepsOf(toBytes(workingDirectory)), ...stepsOf(path)];
}

function executableAt(tree: FileSystemTree, steps: readonly string[]): Executable | undefined {
  const found = resolveInRoot(tree.root, steps, { followLast: true });
  if (found.state !== 'found' || found.node.kind !== 'file') return undefined;
  const { content } = found.node;
  if ((content.mode & EXECUTE_BITS) === 0 || content.digest === undefined) return undefined;
  return { file: imageFile(`/${found.steps.join('/')}`, content, content.digest), script: content.script };
}

/** Documents are UTF-8, names in the tree bytes, one character each. */
function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function none(reason: string): Entrypoint {
  return { state: 'none', reason };
}
