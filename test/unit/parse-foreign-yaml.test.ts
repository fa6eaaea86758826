import fc from 'fast-check';
import { parseForeignYaml } from '@sealwatch/shared/yaml/parse-foreign-yaml.js';
import { describe, expect, it } from 'vitest';

const parse = (text: string | Uint8Array): ReturnType<typeof parseForeignYaml> =>
  parseForeignYaml(Buffer.from(text), 10_000);

describe("another program's YAML", () => {
  it('is read as that program reads it, JSON too', () => {
    const value = new Map([['a', ['x', 1]]]);
    expect(parse('# comment\n---\na:\n- x\n- 1\n')).toEqual({ state: 'read', value });
    expect(parse('{"a": ["x", 1]}')).toEqual({ state: 'read', value });
    expect(parse('')).toEqual({ state: 'read', value: null });
  });

  it('may use aliases and merge keys', () => {
    const read = parse('base: &b {min: x, other: 1}\nused: *b\nmore:\n  <<: *b\n  other: 2\n');
    expect(read).toMatchObject({ state: 'read' });
    const root = read.state === 'read' ? (read.value as Map<string, Map<string, unknown>>) : new Map<string, never>();
    expect(root.get('used')?.get('min')).toBe('x');
    expect(root.get('more')?.get('min')).toBe('x');
    expect(root.get('more')?.get('other')).toBe(2);
  });

  it('has keys that mean nothing to us', () => {
    const read = parse('__proto__: {polluted: true}\nconstructor: x\n');
    expect(read.state === 'read' && read.value instanceof Map && read.value.size).toBe(2);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('YAML that is unreadable, with a reason:', () => {
  const lists = Array.from({ length: 9 }, (_, i) => {
    const before = i === 0 ? '"x"' : `*l${String(i - 1)}`;
    return `l${String(i)}: &l${String(i)} [${Array<string>(9).fill(before).join(',')}]`;
  });

  it.each([
    ['a bomb of aliases', lists.join('\n'), 'no valid YAML document'],
    ['an alias of nothing', 'a: *b', 'no valid YAML document'],
    ['depth', '['.repeat(5000), 'YAML that nests too deeply'],
    ['a syntax error', 'a: [', 'no valid YAML document'],
    ['two documents', 'a: 1\n---\nb: 2\n', 'no valid YAML document'],
    ['a tag of its own', 'a: !!js/function "x"', 'YAML with tags of its own'],
    ['a key twice', 'a: 1\nb: {c: 1, c: 2}\n', 'YAML in which a key stands twice'],
    ['bytes that are no text', Buffer.from([0x61, 0xff]), 'no valid YAML document'],
    ['size', 'a'.repeat(10_001), 'larger than 10000 bytes'],
  ])('%s', (_, text, reason) => {
    const started = performance.now();
    expect(parse(text)).toEqual({ state: 'unreadable', reason });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('anything else never throws', () => {
    const pieces = fc.constantFrom(
      'a: ',
      '- ',
      '\n',
      '  ',
      '&x ',
      '*x',
      '<<: ',
      '{',
      '}',
      '[',
      ']',
      '"',
      '|',
      '!t ',
      '#',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
        ),
        (text) => {
          expect(['read', 'unreadable']).toContain(parse(text).state);
        },
      ),
    );
  });
});
