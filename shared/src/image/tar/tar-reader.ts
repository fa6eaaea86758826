import { corruptTar } from './corrupt-tar.js';
import { type PaxRecords, readPaxRecords } from './pax-records.js';
import { checkSparseMap, readGnuSparsePieces, SparseMapText, type SparsePiece } from './sparse-map.js';
import type { TarEntry, TarKind } from './tar-entry.js';
import { BLOCK, readNumber, readTarHeader, type TarHeader } from './tar-header.js';

/** Who is told what the archive holds, in its order. */
export interface TarSink {
  entry(entry: TarEntry): void;
  /** The next stored bytes of the entry; they stand only during the call. */
  data(bytes: Uint8Array): void;
  /** The next bytes are zeros that are not stored. Yields between slices of work. */
  hole(bytes: number): Generator<void>;
  entryEnd(): void;
}

/** Names and records that stand before a header and belong to it. */
interface Extensions {
  readonly pax?: PaxRecords;
  readonly name?: string;
  readonly linkName?: string;
}

interface SparseEntry {
  readonly entry: TarEntry;
  /** Bytes stored behind the header and its map. */
  readonly stored: number;
}

type State =
  | { readonly at: 'header' }
  | { readonly at: 'extension'; readonly type: 'x' | 'L' | 'K'; readonly bytes: Buffer; filled: number }
  | { readonly at: 'gnu-sparse'; readonly sparse: SparseEntry; readonly pieces: SparsePiece[] }
  | { readonly at: 'sparse-text'; readonly sparse: SparseEntry; readonly text: SparseMapText }
  | ContentState
  | { readonly at: 'padding'; left: number }
  | { readonly at: 'end' };

interface ContentState {
  readonly at: 'content';
  readonly pieces: readonly SparsePiece[];
  /** Bytes of the file, holes included. */
  readonly size: number;
  /** Index of the piece that is being read, and bytes of the file that are done. */
  piece: number;
  done: number;
}

const MAX_EXTENSION = 1024 * 1024;
const MAX_SPARSE_PIECES = 100_000;
const KINDS: Readonly<Record<string, TarKind>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'hard-link',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
};

/**
 * Reads a tar archive as it flows by, in constant memory, names as bytes. Follows Go's archive/tar where formats leave
 * a choice: global extended headers are passed over, links and devices have no content whatever their size says, what
 * follows the end mark is not looked at.
 */
export class TarReader {
  readonly #sink: TarSink;
  readonly #block: Buffer = Buffer.alloc(BLOCK);
  #blockFilled = 0;
  #state: State = { at: 'header' };
  #extensions: Extensions = {};
  #offset = 0;
  #headerAt = 0;
  #sawZeros = false;

  constructor(sink: TarSink) {
    this.#sink = sink;
  }

  /** Yields where a caller may pause. @throws CodedError('image.malformed'), and what the sink throws */
  *push(chunk: Uint8Array): Generator<void> {
    for (let at = 0; at < chunk.length;) {
      const used = yield* this.#take(chunk.subarray(at));
      at += used;
      this.#offset += used;
    }
  }

  /** @throws CodedError('image.malformed') if the archive is cut off */
  end(): void {
    const { at } = this.#state;
    const complete = at === 'end' || at === 'padding' || (at === 'header' && this.#blockFilled === 0);
    if (!complete) throw corruptTar('the archive ends early', this.#headerAt);
  }

  /**
   * For whoever can jump: passes over what is left of the entry's content.
   * @returns bytes that the caller leaves out before the next `push`
   */
  skipContent(): number {
    const state = this.#state;
    if (state.at !== 'content' && state.at !== 'padding') return 0;
    const skipped = state.at === 'padding' ? state.left : storedBytesLeft(state);
    if (state.at === 'content') this.#sink.entryEnd();
    this.#state = { at: 'header' };
    this.#offset += skipped;
    return skipped;
  }

  *#take(bytes: Uint8Array): Generator<void, number> {
    const state = this.#state;
    switch (state.at) {
      case 'end':
        return bytes.length;
      case 'padding': {
        const used = Math.min(state.left, bytes.length);
        state.left -= used;
        if (state.left === 0) this.#state = { at: 'header' };
        return used;
      }
      case 'extension': {
        const used = Math.min(state.bytes.length - state.filled, bytes.length);
        state.bytes.set(bytes.subarray(0, used), state.filled);
        state.filled += used;
        if (state.filled === state.bytes.length) this.#endExtension(state.type, state.bytes);
        return used;
      }
      case 'content':
        return yield* this.#content(state, bytes);
      case 'header':
      case 'gnu-sparse':
      case 'sparse-text':
        return yield* this.#takeBlock(bytes);
    }
  }

  *#takeBlock(bytes: Uint8Array): Generator<void, number> {
    const used = Math.min(BLOCK - this.#blockFilled, bytes.length);
    this.#block.set(bytes.subarray(0, used), this.#blockFilled);
    this.#blockFilled += used;
    if (this.#blockFilled < BLOCK) return used;
    this.#blockFilled = 0;
    const state = this.#state;
    const contentAt = this.#offset + used;
    if (state.at === 'header') yield* this.#header(contentAt);
    else if (state.at === 'gnu-sparse') {
      state.pieces.push(...readGnuSparsePieces(this.#block, 0, 21, this.#headerAt));
      if (state.pieces.length > MAX_SPARSE_PIECES) throw corruptTar('its sparse map is too long', this.#headerAt);
      if (this.#block[504] === 0) yield* this.#begin(state.sparse.entry, state.pieces, state.sparse.stored);
    } else if (state.at === 'sparse-text') {
      const pieces = state.text.push(this.#block, this.#headerAt);
      const stored = state.sparse.stored - BLOCK;
      if (stored < 0) throw corruptTar('its sparse map is broken', this.#headerAt);
      if (pieces !== undefined) yield* this.#begin(state.sparse.entry, pieces, stored);
      else this.#state = { ...state, sparse: { ...state.sparse, stored } };
    }
    return used;
  }

  *#header(contentAt: number): Generator<void> {
    this.#headerAt = contentAt - BLOCK;
    const header = readTarHeader(this.#block, this.#headerAt);
    if (header === undefined) {
      if (this.#sawZeros) this.#state = { at: 'end' };
      this.#sawZeros = true;
      return;
    }
    if (this.#sawZeros) throw corruptTar('it follows an end mark that is half there', this.#headerAt);
    switch (header.type) {
      case 'x':
      case 'L':
      case 'K':
        if (header.size > MAX_EXTENSION) throw corruptTar('its extended header is too large', this.#headerAt);
        this.#state = { at: 'extension', type: header.type, bytes: Buffer.alloc(header.size), filled: 0 };
        if (header.size === 0) this.#endExtension(header.type, Buffer.alloc(0));
        return;
      case 'g':
        this.#skip(header.size + paddingOf(header.size));
        return;
      default:
        yield* this.#member(header, contentAt);
    }
  }

  #endExtension(type: 'x' | 'L' | 'K', bytes: Buffer): void {
    const zero = bytes.indexOf(0);
    const name = bytes.toString('latin1', 0, zero === -1 ? bytes.length : zero);
    if (type === 'x') this.#extensions = { ...this.#extensions, pax: readPaxRecords(bytes, this.#headerAt) };
    else if (type === 'L') this.#extensions = { ...this.#extensions, name };
    else this.#extensions = { ...this.#extensions, linkName: name };
    this.#skip(paddingOf(bytes.length));
  }

  *#member(header: TarHeader, offset: number): Generator<void> {
    const { pax = {}, name: longName, linkName: longLink } = this.#extensions;
    this.#extensions = {};
    const name = longName ?? pax.sparse?.name ?? pax.name ?? header.name;
    const isGnuSparse = header.type === 'S';
    const known = isGnuSparse ? 'file' : KINDS[header.type];
    if (known === undefined) throw corruptTar(`its type ${JSON.stringify(header.type)} is not known`, this.#headerAt);
    const kind = header.type === '\0' && name.endsWith('/') ? 'directory' : known;
    const stored = kind === 'file' ? (pax.size ?? header.size) : 0;
    const linkName = kind === 'hard-link' || kind === 'symlink' ? (longLink ?? pax.linkName ?? header.linkName) : '';
    const entry = { kind, name, linkName, mode: header.mode, size: stored, offset, contiguous: true };
    if (kind === 'file' && isGnuSparse) {
      const sparse = { ...entry, size: readNumber(this.#block, 483, 12, this.#headerAt), contiguous: false };
      const pieces = readGnuSparsePieces(this.#block, 386, 4, this.#headerAt);
      if (this.#block[482] === 0) yield* this.#begin(sparse, pieces, stored);
      else this.#state = { at: 'gnu-sparse', sparse: { entry: sparse, stored }, pieces };
    } else if (kind === 'file' && pax.sparse !== undefined) {
      const { pieces, realSize } = pax.sparse;
      if (realSize === undefined) throw corruptTar('its sparse map has no size', this.#headerAt);
      const sparse = { ...entry, size: realSize, contiguous: false };
      if (pieces !== 'before-content') yield* this.#begin(sparse, pieces, stored);
      else this.#state = { at: 'sparse-text', sparse: { entry: sparse, stored }, text: new SparseMapText() };
    } else {
      yield* this.#begin(entry, [{ offset: 0, bytes: stored }], stored);
    }
  }

  *#begin(entry: TarEntry, pieces: readonly SparsePiece[], stored: number): Generator<void> {
    checkSparseMap(pieces, entry.size, stored, this.#headerAt);
    this.#sink.entry(entry);
    const content: ContentState = { at: 'content', pieces, size: entry.size, piece: 0, done: 0 };
    this.#state = content;
    yield* this.#content(content, new Uint8Array(0));
  }

  /** Stored bytes and holes up to what `bytes` gives. */
  *#content(state: ContentState, bytes: Uint8Array): Generator<void, number> {
    let used = 0;
    for (;;) {
      const piece = state.pieces[state.piece];
      const hole = (piece?.offset ?? state.size) - state.done;
      if (hole > 0) {
        state.done += hole;
        yield* this.#sink.hole(hole);
      }
      if (piece === undefined) break;
      const wanted = piece.offset + piece.bytes - state.done;
      const taken = Math.min(wanted, bytes.length - used);
      if (taken > 0) this.#sink.data(bytes.subarray(used, used + taken));
      used += taken;
      state.done += taken;
      if (taken < wanted) return used;
      state.piece++;
    }
    this.#sink.entryEnd();
    this.#skip(paddingOf(storedBytes(state.pieces)));
    return used;
  }

  #skip(bytes: number): void {
    this.#state = bytes === 0 ? { at: 'header' } : { at: 'padding', left: bytes };
  }
}

function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function storedBytes(pieces: readonly SparsePiece[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** With the padding behind. */
function storedBytesLeft({ pieces, piece, done }: ContentState): number {
  const at = pieces[piece];
  const taken = at === undefined ? 0 : Math.max(0, done - at.offset);
  return storedBytes(pieces.slice(piece)) - taken + paddingOf(storedBytes(pieces));
}
