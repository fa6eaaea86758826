import { createHash, type Hash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { TarEntry } from '@sealwatch/shared/image/tar/tar-entry.js';
import type { TarSink } from '@sealwatch/shared/image/tar/tar-reader.js';

/** A file to be kept, by its content. */
export interface WantedFile {
  readonly digest: Digest;
  /** Bytes, decimal. */
  readonly size: string;
}

const ZEROS = Buffer.alloc(256 * 1024);

/** Writes the wanted files of tar archives that flow by into a directory, each under the name of its digest. */
export class FileKeeper implements TarSink {
  readonly #directory: string;
  readonly #digests: ReadonlySet<Digest>;
  readonly #sizes: ReadonlySet<string>;
  readonly #part: string;
  #open: { readonly fd: number; readonly hash: Hash; readonly size: number; done: number } | undefined;

  constructor(directory: string, wanted: readonly WantedFile[]) {
    this.#directory = directory;
    this.#digests = new Set(wanted.map(({ digest }) => digest));
    this.#sizes = new Set(wanted.map(({ size }) => size));
    this.#part = join(directory, 'part');
  }

  entry({ kind, size }: TarEntry): void {
    if (kind !== 'file' || !this.#sizes.has(String(size))) return;
    this.#open = { fd: openSync(this.#part, 'w', 0o600), hash: createHash('sha256'), size, done: 0 };
  }

  data(bytes: Uint8Array): void {
    const file = this.#open;
    if (file === undefined) return;
    file.hash.update(bytes);
    for (let at = 0; at < bytes.length;) at += writeSync(file.fd, bytes, at, bytes.length - at, file.done + at);
    file.done += bytes.length;
  }

  *hole(bytes: number): Generator<void> {
    const file = this.#open;
    if (file === undefined) return;
    for (let left = bytes; left > 0; left -= ZEROS.length) {
      file.hash.update(left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS);
      yield;
    }
    file.done += bytes;
  }

  entryEnd(): void {
    const file = this.#open;
    if (file === undefined) return;
    // a hole at the end was not written
    ftruncateSync(file.fd, file.size);
    this.close();
    const digest: Digest = `sha256:${file.hash.digest('hex')}`;
    if (this.#digests.has(digest)) renameSync(this.#part, keptFile(this.#directory, digest));
    else rmSync(this.#part);
  }

  /** Also in the middle of a file. */
  close(): void {
    if (this.#open !== undefined) closeSync(this.#open.fd);
    this.#open = undefined;
  }
}

export function keptFile(directory: string, digest: Digest): string {
  return join(directory, digest.slice('sha256:'.length));
}
