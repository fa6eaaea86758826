import { isScalar, parseDocument, visit } from 'yaml';
import { nestsTooDeeply } from './nests-too-deeply.js';

/** The value of a document, or why it has none. */
export type ForeignYaml =
  { readonly state: 'read'; readonly value: unknown } | { readonly state: 'unreadable'; readonly reason: string };

/** More than a person writes; each may stand for a whole document. */
const MAX_ALIASES = 20;

/**
 * YAML that was written for another program, as that program would take it: aliases and merge keys are followed,
 * a few times. Mappings become a Map, so no key means anything to us that it doesn't say. What a program could read in
 * two ways (a key twice, a tag of its own, several documents) is unreadable. Never throws.
 */
export function parseForeignYaml(bytes: Uint8Array, maxBytes: number): ForeignYaml {
  if (bytes.length > maxBytes) return unreadable(`larger than ${String(maxBytes)} bytes`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (nestsTooDeeply(text)) return unreadable('YAML that nests too deeply');
    // keys that stand twice are looked for below: the parser's own search is quadratic
    const document = parseDocument(text, { merge: true, prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
    if (document.errors.length > 0) return unreadable('no valid YAML document');
    if (document.warnings.length > 0) return unreadable('YAML with tags of its own');
    if (repeatsKey(document)) return unreadable('YAML in which a key stands twice');
    return { state: 'read', value: document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIASES }) as unknown };
  } catch {
    return unreadable('no valid YAML document');
  }
}

function repeatsKey(document: ReturnType<typeof parseDocument>): boolean {
  let repeated = false;
  visit(document, {
    Map: (_, { items }) => {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        // a merge key may stand for several mappings
        if (keys.has(name) && name !== '<<') repeated = true;
        keys.add(name);
      }
      return repeated ? visit.BREAK : undefined;
    },
  });
  return repeated;
}

function unreadable(reason: string): ForeignYaml {
  return { state: 'unreadable', reason };
}
