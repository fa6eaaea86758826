import { CodedError } from '../../runtime/coded-error.js';
import { type ArchiveMember, indexArchive } from './index-archive.js';
import type { NamedFiles } from './named-files.js';
import { closeFile, readRange } from './read-range.js';

/** Names a link may lead through; docker's own archives use one. */
const MAX_LINKS = 10;

/** Files of a tar archive, read where they lie. */
export class ArchiveFiles implements NamedFiles {
  readonly place: string;
  readonly #fd: number;
  readonly #members: ReadonlyMap<string, ArchiveMember>;

  /** Takes over the descriptor. @throws CodedError('image.malformed' | 'limit.exceeded') */
  static async open(path: string, fd: number, size: number): Promise<ArchiveFiles> {
    return new ArchiveFiles(path, fd, await indexArchive(path, fd, size));
  }

  private constructor(path: string, fd: number, members: ReadonlyMap<string, ArchiveMember>) {
    this.place = path;
    this.#fd = fd;
    this.#members = members;
  }

  size(name: string): Promise<number | undefined> {
    return Promise.resolve(this.#find(name)?.size);
  }

  async *read(name: string, limit: number): AsyncGenerator<Uint8Array> {
    const found = this.#find(name);
    if (found !== undefined) yield* readRange(this.#fd, found.offset, Math.min(limit, found.size));
  }

  async close(): Promise<void> {
    await closeFile(this.#fd);
  }

  /** @throws CodedError('image.malformed') for a link that leaves the archive or has no end */
  #find(name: string): Extract<ArchiveMember, { kind: 'file' }> | undefined {
    let member = this.#members.get(name);
    for (let links = 0; member?.kind === 'link'; links++) {
      if (links === MAX_LINKS || member.target === undefined) {
        throw new CodedError(
          'image.malformed',
          `${name} in ${this.place} is a link that leads out of the archive or nowhere`,
        );
      }
      member = this.#members.get(member.target);
    }
    return member;
  }
}
