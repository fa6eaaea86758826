import { corruptTar } from './corrupt-tar.js';
import type { SparsePiece } from './sparse-map.js';

/** What a PAX extended header changes (POSIX.1-2017, pax, "pax Extended Header"). Names are `latin1` text. */
export interface PaxRecords {
  readonly name?: string;
  readonly linkName?: string;
  readonly size?: number;
  readonly sparse?: PaxSparse;
}

/** GNU's sparse formats 0.0, 0.1 and 1.0 ("Storing Sparse Files"); in 1.0 the map stands before the content. */
export interface PaxSparse {
  readonly pieces: readonly SparsePiece[] | 'before-content';
  readonly realSize: number | undefined;
  readonly name: string | undefined;
}

/** Runtimes mount layers with overlayfs: such attributes make it show other files than the layers hold. */
const OVERLAY_ATTRIBUTE = /^SCHILY\.xattr\.(trusted|user)\.overlay\./;

/** Reads `LENGTH KEY=VALUE\n` records. @throws CodedError('image.malformed') */
export function readPaxRecords(bytes: Buffer, at: number): PaxRecords {
  const values = new Map<string, string>();
  const sparseNumbers: number[] = [];
  for (let from = 0; from < bytes.length;) {
    const { key, value, next } = readRecord(bytes, from, at);
    from = next;
    if (OVERLAY_ATTRIBUTE.test(key)) throw corruptTar('it carries attributes of overlayfs', at);
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') sparseNumbers.push(wholeNumber(value, at));
    // an empty value takes a record back
    else if (value === '') values.delete(key);
    else values.set(key, value);
  }
  for (const key of ['path', 'linkpath', 'GNU.sparse.name']) {
    if (values.get(key)?.includes('\0') === true) throw corruptTar('a name contains a zero byte', at);
  }
  const number = (key: string): number | undefined => {
    const value = values.get(key);
    return value === undefined ? undefined : wholeNumber(value, at);
  };
  const map = values.get('GNU.sparse.map');
  const pieces =
    values.get('GNU.sparse.major') === '1'
      ? 'before-content'
      : toPieces(map === undefined ? sparseNumbers : map.split(',').map((value) => wholeNumber(value, at)), at);
  const name = values.get('path');
  const linkName = values.get('linkpath');
  const size = number('size');
  return {
    ...(name === undefined ? {} : { name }),
    ...(linkName === undefined ? {} : { linkName }),
    ...(size === undefined ? {} : { size }),
    ...(pieces === undefined
      ? {}
      : {
          sparse: {
            pieces,
            realSize: number('GNU.sparse.realsize') ?? number('GNU.sparse.size'),
            name: values.get('GNU.sparse.name'),
          },
        }),
  };
}

function readRecord(bytes: Buffer, from: number, at: number): { key: string; value: string; next: number } {
  const space = bytes.indexOf(0x20, from);
  const length = space === -1 || space - from > 10 ? '' : bytes.toString('latin1', from, space);
  const next = from + (/^\d+$/.test(length) ? Number(length) : 0);
  const equals = bytes.indexOf(0x3d, space);
  if (next <= space || next > bytes.length || bytes[next - 1] !== 0x0a || equals === -1 || equals >= next) {
    throw corruptTar('its extended header is broken', at);
  }
  return {
    key: bytes.toString('latin1', space + 1, equals),
    value: bytes.toString('latin1', equals + 1, next - 1),
    next,
  };
}

function toPieces(numbers: readonly number[], at: number): readonly SparsePiece[] | undefined {
  if (numbers.length === 0) return undefined;
  if (numbers.length % 2 !== 0) throw corruptTar('its sparse map is broken', at);
  return Array.from({ length: numbers.length / 2 }, (_, i) => ({
    offset: numbers[2 * i] ?? 0,
    bytes: numbers[2 * i + 1] ?? 0,
  }));
}

function wholeNumber(text: string, at: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw corruptTar('a number in its extended header is broken', at);
  return value;
}
