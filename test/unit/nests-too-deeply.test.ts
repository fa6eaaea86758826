import { nestsTooDeeply } from '@sealwatch/shared/yaml/nests-too-deeply.js';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';

describe('a text that nests too deeply', () => {
  it.each([
    ['in brackets', '['.repeat(400)],
    ['in braces', '{a: '.repeat(400)],
    ['in entries of one line', '- '.repeat(400)],
    ['in entries with something between', '- &a '.repeat(400)],
    ['in keys', '? '.repeat(400)],
    ['by indentation', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('%s', (_, text) => {
    expect(nestsTooDeeply(text)).toBe(true);
  });

  it('in whatever a writer makes of a deep value', () => {
    let value: unknown = 1;
    for (let i = 0; i < 400; i++) value = i % 2 === 0 ? [value] : { a: value };
    expect(nestsTooDeeply(stringify(value))).toBe(true);
    expect(nestsTooDeeply(JSON.stringify(value))).toBe(true);
  });
});

describe('an ordinary text', () => {
  it.each([
    ['that is long', 'a: 1\n'.repeat(50_000)],
    ['with wide lists', `a: [${Array(5000).fill('{b: 1}').join(', ')}]`.replaceAll('{b: 1}', '{b}')],
    ['with deep indentation of a person', 'a:\n  b:\n    - c: d\n      e: [f, {g: h}]\n'],
    ['with times and dashes', 'a: 2026-11-23T09:30:00Z\nb: a--b - c\n'],
  ])('%s is not', (_, text) => {
    expect(nestsTooDeeply(text)).toBe(false);
  });
});
