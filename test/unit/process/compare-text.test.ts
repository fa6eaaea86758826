import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { compareText, type ComparingOptions, type Difference } from '@sealwatch/agent/measure/process/compare-text.js';
import { EndedMeanwhile } from '@sealwatch/agent/measure/process/meanwhile.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostTree } from '../../fakes/host-tree.js';

/** Files stand for memory here: an address is a position. */
let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
});
afterEach(() => {
  tree.remove();
});

const MIB = 1024 * 1024;
const PAGE = 4096;

interface Case {
  readonly memory: Buffer;
  readonly file: Buffer;
  readonly start?: number;
  readonly end?: number;
  readonly offset?: number;
}

async function compare(given: Case, options: ComparingOptions = {}): Promise<Difference | null> {
  const { memory, file, start = 0, end = memory.length, offset = 0 } = given;
  const memoryFd = openSync(tree.write('/memory', memory).at('/memory'), 'r');
  const fd = openSync(tree.write('/file', file).at('/file'), 'r');
  try {
    const mapping = { start: BigInt(start), end: BigInt(end), offset: BigInt(offset) };
    return await compareText(memoryFd, { fd, size: BigInt(file.length) }, mapping, options);
  } finally {
    closeSync(memoryFd);
    closeSync(fd);
  }
}

function changed(bytes: Buffer, ...positions: readonly number[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const at of positions) copy[at] = (copy[at] ?? 0) ^ 0x80;
  return copy;
}

describe('memory beside its file', () => {
  const bytes = randomBytes(3 * MIB);

  it('is equal byte for byte', async () => {
    expect(await compare({ memory: bytes, file: bytes })).toBeNull();
  });

  it.each([0, 1, PAGE - 1, PAGE, 256 * 1024 - 1, 256 * 1024, MIB + 17, 3 * MIB - 1])(
    'differs by one byte at %i',
    async (at) => {
      expect(await compare({ memory: changed(bytes, at), file: bytes })).toEqual({
        pages: 1,
        firstOffset: BigInt(at),
      });
    },
  );

  it('is counted by pages, from the first', async () => {
    const memory = changed(bytes, 2 * MIB, 2 * MIB + 1, 5, PAGE + 7);
    expect(await compare({ memory, file: bytes })).toEqual({ pages: 3, firstOffset: 5n });
  });

  it('begins where the mapping says, in both', async () => {
    const memory = Buffer.concat([Buffer.alloc(PAGE, 1), bytes.subarray(2 * PAGE, 6 * PAGE), Buffer.alloc(PAGE, 2)]);
    const mapping = { start: PAGE, end: 5 * PAGE, offset: 2 * PAGE };
    expect(await compare({ memory, file: bytes, ...mapping })).toBeNull();
    expect(await compare({ memory: changed(memory, PAGE + 3), file: bytes, ...mapping })).toEqual({
      pages: 1,
      firstOffset: BigInt(2 * PAGE + 3),
    });
    expect(await compare({ memory: changed(memory, 3, 5 * PAGE), file: bytes, ...mapping })).toBeNull();
  });

  it('is zero from the file’s end to the end of the page', async () => {
    const file = bytes.subarray(0, PAGE + 100);
    const memory = Buffer.concat([file, Buffer.alloc(PAGE - 100)]);
    expect(await compare({ memory, file })).toBeNull();
    expect(await compare({ memory: changed(memory, PAGE + 100), file })).toEqual({
      pages: 1,
      firstOffset: BigInt(PAGE + 100),
    });
  });

  it('is nothing in pages behind the file’s end', async () => {
    const file = bytes.subarray(0, PAGE);
    expect(await compare({ memory: file, file, end: 8 * PAGE })).toBeNull();
    expect(await compare({ memory: Buffer.alloc(0), file, end: PAGE, offset: 4 * PAGE })).toBeNull();
  });

  it('that is nobody’s any more is no difference', async () => {
    const read = compare({ memory: bytes.subarray(0, PAGE), file: bytes, end: 2 * PAGE });
    await expect(read).rejects.toBeInstanceOf(EndedMeanwhile);
  });
});

it('a comparison pauses between slices and tells of every byte of both', async () => {
  const bytes = randomBytes(3 * MIB);
  let pauses = 0;
  let told = 0;
  const pause = (): Promise<void> => {
    pauses++;
    return Promise.resolve();
  };
  await compare({ memory: bytes, file: bytes }, { pause, onBytes: (count) => (told += count) });
  expect({ pauses, told }).toEqual({ pauses: 3, told: 6 * MIB });
});
