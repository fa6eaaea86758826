import { readFileSync } from 'node:fs';
import { readProcFile } from '@sealwatch/agent/measure/process/read-proc-file.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostTree } from '../../fakes/host-tree.js';

let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
});
afterEach(() => {
  tree.remove();
});

describe('a file of procfs', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 262_144, 1_000_000])('of %i bytes is read whole', (size) => {
    const bytes = Buffer.alloc(size, 'abcdefg');
    const path = tree.write('/file', bytes).at('/file');
    const file = readProcFile(path, 1_000_000);
    expect(file.state === 'read' && file.bytes.equals(bytes)).toBe(true);
  });

  it.each([10, 70_000])('of more than %i bytes is unreadable where no more are wanted', (limit) => {
    const at = (size: number): string => tree.write(`/${String(size)}`, Buffer.alloc(size)).at(`/${String(size)}`);
    expect(readProcFile(at(limit), limit).state).toBe('read');
    expect(readProcFile(at(limit + 1), limit)).toEqual({
      state: 'unreadable',
      reason: `larger than ${String(limit)} bytes`,
    });
  });

  it('keeps its bytes when the next is read', () => {
    const first = readProcFile('/proc/self/status', 100_000);
    readProcFile('/proc/self/maps', 10_000_000);
    expect(first.state === 'read' && first.bytes.toString()).toContain(`Pid:\t${String(process.pid)}\n`);
  });

  it('as long as the kernel makes it is read to its end', () => {
    const file = readProcFile('/proc/kallsyms', 100_000_000);
    expect(file.state === 'read' && file.bytes.length).toBe(readFileSync('/proc/kallsyms').length);
  });

  it('of a process that is no more is gone', () => {
    expect(readProcFile('/proc/4194305/stat', 100)).toEqual({ state: 'gone' });
  });

  it('that is none is unreadable', () => {
    expect(readProcFile(tree.root, 100)).toEqual({ state: 'unreadable', reason: 'cannot be read (EISDIR)' });
  });
});
