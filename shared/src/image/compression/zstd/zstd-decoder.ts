import { CorruptZstd } from './corrupt-zstd.js';
import { type FrameHeader, readFrameHeader } from './frame-header.js';
import { FrameOutput } from './frame-output.js';

type State =
  | { readonly at: 'frame' }
  | { readonly at: 'skipped'; readonly bytes: number }
  | { readonly at: 'block'; readonly frame: FrameHeader; readonly output: FrameOutput }
  | { readonly at: 'checksum' };

/**
 * Zstandard (RFC 8878), as a stream: any number of frames, skippable ones too, no dictionary. Made for input from
 * enemies: every loop is bounded by the block it reads, memory by the window, and a window above 32 MiB is refused.
 * Content checksums are passed over, because whoever reads a layer holds its SHA-256 against the signed one.
 */
export class ZstdDecoder {
  #state: State = { at: 'frame' };
  #pending: Uint8Array = new Uint8Array(0);
  #history: Uint8Array = new Uint8Array(0);

  /** Yields what `chunk` completes; each piece stands only until the next one is asked for. @throws CorruptZstd */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    let at = 0;
    for (;;) {
      const { used, output } = this.#step(bytes.subarray(at));
      if (used === 0) break;
      at += used;
      if (output !== undefined && output.length > 0) yield output;
    }
    // a copy: the caller's chunk is its own again
    this.#pending = Uint8Array.prototype.slice.call(bytes, at);
  }

  /** @throws CorruptZstd if a frame is not complete */
  end(): void {
    if (this.#state.at !== 'frame' || this.#pending.length > 0) throw new CorruptZstd('it ends early');
  }

  /** Takes one header, block or checksum; `used` 0 means that more bytes are needed. */
  #step(bytes: Uint8Array): { used: number; output?: Uint8Array } {
    const state = this.#state;
    switch (state.at) {
      case 'frame':
        return { used: this.#beginFrame(bytes) };
      case 'skipped': {
        const used = Math.min(state.bytes, bytes.length);
        this.#state = used === state.bytes ? { at: 'frame' } : { at: 'skipped', bytes: state.bytes - used };
        return { used };
      }
      case 'checksum':
        if (bytes.length < 4) return { used: 0 };
        this.#state = { at: 'frame' };
        return { used: 4 };
      case 'block':
        return this.#block(bytes, state.frame, state.output);
    }
  }

  #beginFrame(bytes: Uint8Array): number {
    const header = readFrameHeader(bytes);
    if (header === undefined) return 0;
    if (header.kind === 'skippable') {
      if (header.bytes > 0) this.#state = { at: 'skipped', bytes: header.bytes };
      return header.headerBytes;
    }
    const output = new FrameOutput(header.windowSize, this.#history);
    this.#state = { at: 'block', frame: header, output };
    return header.headerBytes;
  }

  #block(bytes: Uint8Array, frame: FrameHeader, output: FrameOutput): { used: number; output?: Uint8Array } {
    const [a, b, c] = bytes;
    if (a === undefined || b === undefined || c === undefined) return { used: 0 };
    const header = a | (b << 8) | (c << 16);
    const kind = (header >> 1) & 3;
    const size = header >> 3;
    if (kind === 3 || size > output.maxBlock) throw new CorruptZstd('a block is too large or of no known kind');
    const stored = kind === 1 ? 1 : size;
    if (bytes.length < 3 + stored) return { used: 0 };
    const body = bytes.subarray(3, 3 + stored);
    const written = kind === 0 ? output.raw(body) : kind === 1 ? output.repeated(body, size) : output.compressed(body);
    if ((header & 1) === 1) this.#endFrame(frame, output);
    return { used: 3 + stored, output: written };
  }

  #endFrame({ contentSize, hasChecksum }: FrameHeader, output: FrameOutput): void {
    if (contentSize !== undefined && contentSize !== output.total) {
      throw new CorruptZstd('a frame has another length than it says');
    }
    this.#history = output.buffer;
    this.#state = hasChecksum ? { at: 'checksum' } : { at: 'frame' };
  }
}
