import { readFile } from 'node:fs/promises';
import { CodedError, errnoOf, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import { Problems } from '@sealwatch/shared/runtime/problems.js';
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { AgentSettings } from './agent-config.js';

export const DEFAULT_CONFIG_FILE = '/etc/sealwatch/agent.yaml';

type Kind = 'text' | 'number' | Shape;
interface Shape {
  readonly [key: string]: Kind;
}

const SHAPE: Shape = {
  stateDir: 'text',
  hostRoot: 'text',
  logLevel: 'text',
  outbox: { maxEntries: 'number', maxBytes: 'number' },
};

const MAX_BYTES = 64 * 1024;

/**
 * The default file may be missing; one that was asked for may not.
 * @throws CodedError('config.missing' | 'config.invalid' | 'file.unreadable'), each problem with its line
 */
export async function readConfigFile(path: string | undefined): Promise<AgentSettings> {
  const file = path ?? DEFAULT_CONFIG_FILE;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT')
      throw new CodedError('file.unreadable', `${file} can't be read: ${reasonOf(error)}`, { cause: error });
    if (path === undefined) return {};
    throw new CodedError('config.missing', `there is no configuration file ${file}`, { cause: error });
  }
  return decodeConfig(text, file);
}

/** Strings only become settings where a string belongs: nothing is converted, nothing is skipped. */
export function decodeConfig(text: string, file: string): AgentSettings {
  if (text.length > MAX_BYTES)
    throw new CodedError('config.invalid', `${file} is larger than ${String(MAX_BYTES)} bytes`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core', uniqueKeys: true });
  const problems = new Problems();
  const lineOf = (node: Node | null | undefined): string => `line ${String(lines.linePos(node?.range?.[0] ?? 0).line)}`;
  for (const { pos, message } of document.errors) {
    problems.add(`line ${String(lines.linePos(pos[0]).line)}`, message.split('\n')[0] ?? 'not YAML');
  }
  const decode = (node: unknown, shape: Shape, path: string): Record<string, unknown> => {
    const settings: Record<string, unknown> = {};
    if (node === null || (isScalar(node) && node.value === null)) return settings;
    if (!isMap(node)) {
      problems.add(lineOf(node as Node), `${path || 'the document'} must be a mapping`);
      return settings;
    }
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const full = path === '' ? name : `${path}.${name}`;
      const wanted = Object.prototype.hasOwnProperty.call(shape, name) ? shape[name] : undefined;
      if (wanted === undefined) {
        problems.add(lineOf(key as Node), `unknown key ${printable(full)}; known are ${Object.keys(shape).join(', ')}`);
      } else if (typeof wanted === 'object') {
        settings[name] = decode(value, wanted, full);
      } else if (isScalar(value) && typeof value.value === (wanted === 'text' ? 'string' : 'number')) {
        settings[name] = value.value;
      } else {
        problems.add(lineOf((value ?? key) as Node), `${full} must be a ${wanted}`);
      }
    }
    return settings;
  };
  const settings = problems.any ? {} : decode(document.contents, SHAPE, '');
  problems.throwIfAny('config.invalid', file);
  return settings;
}
