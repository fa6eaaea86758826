import { printable } from '../runtime/printable.js';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { nearestName } from './nearest-name.js';
import type { YamlProblems, YamlSource } from './yaml-source.js';

/** One value of a YAML file and how to name it. */
export interface Place {
  readonly node: Node | null;
  /** `hosts[2].name`; empty for the document. */
  readonly path: string;
  /** Where to point: characters from the file's start. */
  readonly offset: number;
  readonly problems: YamlProblems;
}

/** In place of a value: there is none, and a problem says why. */
export const REFUSED: unique symbol = Symbol('refused');
export type Refused = typeof REFUSED;

/** From a place to a value. Values count only once `decodeYaml` found no problem anywhere. */
export type Decoder<T> = (at: Place) => T | Refused;

export interface Field<T> {
  readonly decode: Decoder<T>;
  /** Null: the key must be there. A key without a value counts as absent. */
  readonly fallback: { readonly value: T } | null;
}

export type Fields<T> = { readonly [K in keyof T]: Field<T[K]> };

export function required<T>(decode: Decoder<T>): Field<T> {
  return { decode, fallback: null };
}

export function optional<T>(decode: Decoder<T>, value: NoInfer<T>): Field<T> {
  return { decode, fallback: { value } };
}

/** @throws CodedError('config.invalid') naming every problem with its line */
export function decodeYaml<T>({ root, problems }: YamlSource, decode: Decoder<T>): T {
  const value = decode({ node: root, path: '', offset: root?.range?.[0] ?? 0, problems });
  problems.throwIfAny();
  if (value === REFUSED) throw new Error('a decoder failed without saying why');
  return value;
}

/** A mapping with exactly these keys: an unknown one is a problem, with the name it was probably meant to be. */
export function mapping<T extends object>(fields: Fields<T>): Decoder<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (at) => {
    const entries = entriesOf(at);
    if (entries === REFUSED) return REFUSED;
    for (const [key, { offset, problems }] of entries) {
      if (Object.hasOwn(fields, key) || problems.full) continue;
      problems.add(offset, pathTo(at.path, key), `unknown key${suggestion(key, names)}`);
    }
    const values: Partial<T> = {};
    let complete = true;
    for (const name of names) {
      const value = decodeField(fields[name], entries.get(name), at, name);
      if (value === REFUSED) complete = false;
      else values[name] = value;
    }
    return complete ? (values as T) : REFUSED;
  };
}

/** A mapping whose keys are data. `key` says what is wrong with one, or undefined. */
export function record<V>(
  key: (text: string) => string | undefined,
  decode: Decoder<V>,
): Decoder<Readonly<Record<string, V>>> {
  return (at) => {
    const entries = entriesOf(at);
    if (entries === REFUSED) return REFUSED;
    const values: [string, V][] = [];
    for (const [name, place] of entries) {
      const wrong = key(name);
      if (wrong !== undefined) refuse(place, wrong);
      const value = decode(place);
      if (value !== REFUSED) values.push([name, value]);
    }
    // fromEntries defines: a key named __proto__ is a key like any other
    return Object.fromEntries(values);
  };
}

/** A list; `unique` gives what no two items may share. */
export function list<T>(
  decode: Decoder<T>,
  options: { max: number; unique?: (item: T) => string } = { max: 1000 },
): Decoder<readonly T[]> {
  return (at) => {
    const { node, problems } = at;
    if (!isSeq(node)) return refuse(at, 'must be a list');
    if (node.items.length > options.max) return refuse(at, `has more than ${String(options.max)} items`);
    const seen = new Map<string, string>();
    const values: T[] = [];
    node.items.forEach((item, index) => {
      const place = placeOf(item as Node | null, `${at.path}[${String(index)}]`, at);
      const value = decode(place);
      if (value === REFUSED) return;
      values.push(value);
      const name = options.unique?.(value);
      if (name === undefined) return;
      const first = seen.get(name);
      if (first === undefined) seen.set(name, place.path);
      else problems.add(place.offset, place.path, `${printable(name)} is there already, as ${first}`);
    });
    return values.length === node.items.length ? values : REFUSED;
  };
}

/** Adds rules between the values of one mapping; `key` is where the problem is shown. */
export function checked<T>(
  decode: Decoder<T>,
  rules: (value: T) => readonly { readonly key: keyof T & string; readonly message: string }[],
): Decoder<T> {
  return (at) => {
    const value = decode(at);
    if (value === REFUSED) return REFUSED;
    for (const { key, message } of rules(value)) {
      at.problems.add(keyOffset(at, key), pathTo(at.path, key), message);
    }
    return value;
  };
}

export function refuse(at: Place, message: string): Refused {
  at.problems.add(at.offset, at.path, message);
  return REFUSED;
}

/** `; did you mean NAME?`, or nothing. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const nearest = nearestName(word, candidates);
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
}

function decodeField<T>(field: Field<T>, place: Place | undefined, parent: Place, name: string): T | Refused {
  const empty = place === undefined || place.node === null || (isScalar(place.node) && place.node.value === null);
  if (!empty) return field.decode(place);
  if (field.fallback !== null) return field.fallback.value;
  parent.problems.add(place?.offset ?? parent.offset, pathTo(parent.path, name), 'must be set');
  return REFUSED;
}

/** A mapping's values by key, each placed at its key's line. An empty document is an empty mapping. */
function entriesOf(at: Place): ReadonlyMap<string, Place> | Refused {
  const { node, path, problems } = at;
  const entries = new Map<string, Place>();
  if (node === null) return entries;
  if (!isMap(node)) return refuse(at, 'must be a mapping (key: value)');
  for (const { key, value } of node.items) {
    const { offset } = placeOf(key as Node | null, path, at);
    const name = isScalar(key) ? String(key.value) : undefined;
    if (name === undefined) problems.add(offset, path, 'has a key that is not text');
    else if (entries.has(name)) problems.add(offset, pathTo(path, name), 'is there twice');
    else entries.set(name, { node: value as Node | null, path: pathTo(path, name), offset, problems });
  }
  return entries;
}

/** Where a key stands, or its mapping if it is not there. */
function keyOffset({ node, offset }: Place, name: string): number {
  if (!isMap(node)) return offset;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === name);
  return (pair?.key as Node | undefined)?.range?.[0] ?? offset;
}

function placeOf(node: Node | null, path: string, { offset, problems }: Place): Place {
  return { node, path, offset: node?.range?.[0] ?? offset, problems };
}

function pathTo(path: string, key: string): string {
  return path === '' ? printable(key) : `${path}.${printable(key)}`;
}
