import { CodedError } from '../runtime/coded-error.js';
import { Problems } from '../runtime/problems.js';
import { LineCounter, type Node, parseDocument, visit } from 'yaml';
import { nestsTooDeeply } from './nests-too-deeply.js';

/** A YAML file that is well formed, and where its problems are collected. */
export interface YamlSource {
  /** Null for an empty file. */
  readonly root: Node | null;
  readonly problems: YamlProblems;
}

/** More than anybody mends in one go. */
const MAX_PROBLEMS = 200;

/** Everything wrong with one YAML file; each is printed with its line, in the order of lines. */
export class YamlProblems {
  readonly #lines: LineCounter;
  readonly #what: string;
  readonly #found: { readonly line: number; readonly path: string; readonly message: string }[] = [];

  constructor(what: string, lines: LineCounter) {
    this.#what = what;
    this.#lines = lines;
  }

  /** @param offset where it is, in characters from the file's start */
  add(offset: number, path: string, message: string): void {
    if (this.full) return;
    this.#found.push({ line: this.#lines.linePos(offset).line, path, message });
  }

  /** Looking for more would help nobody. */
  get full(): boolean {
    return this.#found.length >= MAX_PROBLEMS;
  }

  /** @throws CodedError('config.invalid') */
  throwIfAny(): void {
    const problems = new Problems();
    for (const { line, path, message } of this.#found.sort((a, b) => a.line - b.line)) {
      problems.add(path === '' ? `line ${String(line)}` : `line ${String(line)}: ${path}`, message);
    }
    if (this.full) problems.add('', 'and perhaps more: mend these first');
    problems.throwIfAny('config.invalid', `${this.#what} can't be used as it is`);
  }
}

/**
 * Size, encoding, syntax; all syntax errors at once. Aliases are refused: they make a small file big, and what a
 * person signs should say everything where it stands.
 * @param what names the file in errors
 * @throws CodedError('config.invalid')
 */
export function parseYamlSource(bytes: Uint8Array, options: { what: string; maxBytes: number }): YamlSource {
  const { what, maxBytes } = options;
  if (bytes.length > maxBytes) {
    throw new CodedError(
      'config.invalid',
      `${what} has ${String(bytes.length)} bytes; at most ${String(maxBytes)} are read`,
    );
  }
  const text = utf8(bytes, what);
  if (nestsTooDeeply(text)) throw new CodedError('config.invalid', `${what} nests too deeply`);
  const lineCounter = new LineCounter();
  // duplicate keys are looked for by the decoder: the parser's own search is quadratic
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
  const problems = new YamlProblems(what, lineCounter);
  for (const { pos, message, code } of [...document.errors, ...document.warnings]) {
    problems.add(pos[0], '', code === 'RESOURCE_EXHAUSTION' ? 'nests too deeply' : message);
  }
  problems.throwIfAny();
  visit(document, {
    Alias: (_, alias) => {
      problems.add(alias.range?.[0] ?? 0, `*${alias.source}`, 'aliases are not read here; write the value out');
    },
  });
  problems.throwIfAny();
  return { root: document.contents, problems };
}

function utf8(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new CodedError('config.invalid', `${what} is not UTF-8 text`, { cause: error });
  }
}
