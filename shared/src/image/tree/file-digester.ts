import { createHash, type Hash } from 'node:crypto';
import type { TarEntry } from '../tar/tar-entry.js';
import { EXECUTE_BITS, type FileContent } from './tree-node.js';

const ELF = Buffer.from('\x7fELF', 'latin1');
/** What the kernel reads of a script's first line (BINPRM_BUF_SIZE). */
const SCRIPT_BYTES = 256;
const ZEROS = Buffer.alloc(256 * 1024);

/** Hashes one file while it flows by, if it is executable or begins as an ELF object does; shared libraries need no x bit. */
export class FileDigester {
  readonly content: FileContent;
  readonly #executable: boolean;
  #head: Buffer = Buffer.alloc(0);
  #hash: Hash | undefined;
  #decided = false;

  constructor({ mode, size }: TarEntry) {
    this.content = { mode, size, digest: undefined, script: undefined };
    this.#executable = (mode & EXECUTE_BITS) !== 0;
    if (this.#executable) this.#hash = createHash('sha256');
  }

  data(bytes: Uint8Array): void {
    if (this.#decided) {
      this.#hash?.update(bytes);
      return;
    }
    const wanted = this.#executable ? SCRIPT_BYTES : ELF.length;
    const before = this.#head.length;
    this.#head = Buffer.concat([this.#head, bytes.subarray(0, wanted - before)]);
    this.#decided = this.#head.length >= wanted;
    if (this.#executable) this.#hash?.update(bytes);
    else if (this.#head.equals(ELF)) {
      this.#hash = createHash('sha256')
        .update(ELF)
        .update(bytes.subarray(ELF.length - before));
    }
  }

  *hole(bytes: number): Generator<void> {
    if (!this.#decided) {
      // zeros are neither a script nor an ELF object
      if (!this.#executable) this.#decided = true;
      else
        this.#head = Buffer.concat([this.#head, ZEROS.subarray(0, Math.min(bytes, SCRIPT_BYTES - this.#head.length))]);
    }
    if (this.#hash === undefined) return;
    for (let left = bytes; left > 0; left -= ZEROS.length) {
      this.#hash.update(left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS);
      yield;
    }
  }

  end(): FileContent {
    if (this.#hash !== undefined) this.content.digest = `sha256:${this.#hash.digest('hex')}`;
    if (this.#executable && this.#head.toString('latin1', 0, 2) === '#!') {
      this.content.script = this.#head.toString('latin1', 2).split('\n', 1)[0] ?? '';
    }
    return this.content;
  }
}
