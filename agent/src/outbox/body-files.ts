import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, isDigest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import { errnoOf } from '@sealwatch/shared/runtime/coded-error.js';
import { ensurePrivateDirectory, readPrivateFile, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';

/** A first report can bring a thousand of them, and a disk takes several syncs for the price of one. */
const WRITES_AT_ONCE = 16;

/**
 * Measurement bodies, one file per digest however many reports name them, kept while anything holds them. A file's
 * name proves its contents, so a damaged one is simply not there.
 */
export class BodyFiles {
  readonly #directory: string;
  /** Bytes of each file. */
  readonly #sizes = new Map<Digest, number>();
  readonly #holders = new Map<Digest, number>();
  #bytes = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async open(): Promise<void> {
    await ensurePrivateDirectory(this.#directory);
    for (const name of await readdir(this.#directory)) {
      const digest = `sha256:${name}`;
      const path = join(this.#directory, name);
      if (isDigest(digest)) this.#remember(digest, (await stat(path)).size);
      else await unlink(path);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that `add` would put on disk. */
  newBytes(bodies: readonly MeasurementBody[]): number {
    return bodies.reduce((sum, { digest, bytes }) => (this.#sizes.has(digest) ? sum : sum + bytes.length), 0);
  }

  /** All or none. They stay only if held. @throws CodedError('store.full' | 'store.unavailable') */
  async add(bodies: readonly MeasurementBody[]): Promise<void> {
    const missing = new Map(bodies.filter(({ digest }) => !this.#sizes.has(digest)).map((body) => [body.digest, body]));
    const queue = [...missing.values()];
    try {
      while (queue.length > 0) await this.#write(queue.splice(0, WRITES_AT_ONCE));
    } catch (error) {
      await this.sweep();
      throw error;
    }
  }

  hold(digests: readonly Digest[]): void {
    for (const digest of digests) this.#holders.set(digest, (this.#holders.get(digest) ?? 0) + 1);
  }

  /** Lets go of what `hold` held; files nobody holds any more are removed. */
  async letGo(digests: readonly Digest[]): Promise<void> {
    for (const digest of digests) {
      const left = (this.#holders.get(digest) ?? 0) - 1;
      if (left > 0) this.#holders.set(digest, left);
      else {
        this.#holders.delete(digest);
        await this.#remove(digest);
      }
    }
  }

  /** Removes what nobody holds: left over by a crash, or by an addition that failed. */
  async sweep(): Promise<void> {
    for (const digest of [...this.#sizes.keys()]) {
      if (!this.#holders.has(digest)) await this.#remove(digest);
    }
  }

  /** Undefined if it is not there, or damaged. */
  async read(digest: Digest): Promise<MeasurementBody | undefined> {
    if (!this.#sizes.has(digest)) return undefined;
    const bytes = await readPrivateFile(this.#path(digest)).catch(() => undefined);
    return bytes !== undefined && sha256(bytes) === digest ? { digest, bytes } : undefined;
  }

  async #write(bodies: readonly MeasurementBody[]): Promise<void> {
    const writes = bodies.map(async ({ digest, bytes }) => {
      await writePrivateFile(this.#path(digest), bytes);
      this.#remember(digest, bytes.length);
    });
    // none may still be writing when an error is answered by removing what was written
    const failed = (await Promise.allSettled(writes)).find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  #remember(digest: Digest, size: number): void {
    this.#sizes.set(digest, size);
    this.#bytes += size;
  }

  async #remove(digest: Digest): Promise<void> {
    const size = this.#sizes.get(digest);
    if (size === undefined) return;
    this.#sizes.delete(digest);
    this.#bytes -= size;
    await unlink(this.#path(digest)).catch((error: unknown) => {
      if (errnoOf(error) !== 'ENOENT') throw error;
    });
  }

  #path(digest: Digest): string {
    return join(this.#directory, digest.slice('sha256:'.length));
  }
}
