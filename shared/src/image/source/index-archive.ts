import { CodedError } from '../../runtime/coded-error.js';
import { detectCompression } from '../compression/detect-compression.js';
import { BLOCK } from '../tar/tar-header.js';
import type { TarEntry } from '../tar/tar-entry.js';
import { TarReader, type TarSink } from '../tar/tar-reader.js';
import { readRange } from './read-range.js';

/** A file by where it lies, or a link to another member; a target that is outside the archive is undefined. */
export type ArchiveMember =
  | { readonly kind: 'file'; readonly offset: number; readonly size: number }
  | { readonly kind: 'link'; readonly target: string | undefined };

/** An image has some files per layer. */
const MAX_MEMBERS = 100_000;

/**
 * Where the members of a tar archive lie, by name: headers are read, contents jumped over. Of two with one name the last counts.
 * @throws CodedError('image.malformed' | 'image.unsupported' | 'limit.exceeded')
 */
export async function indexArchive(path: string, fd: number, size: number): Promise<Map<string, ArchiveMember>> {
  const listing = new Listing(path, size);
  const reader = new TarReader(listing);
  for (let at = 0; at < size;) {
    const block = await readBlock(fd, at);
    if (at === 0 && detectCompression(block) !== 'none') {
      throw new CodedError('image.unsupported', `${path} is compressed as a whole; uncompress it first`);
    }
    // one block is too little work to pause for
    Array.from(reader.push(block));
    at += block.length;
    at += reader.skipContent();
  }
  reader.end();
  return listing.members;
}

async function readBlock(fd: number, at: number): Promise<Uint8Array> {
  for await (const block of readRange(fd, at, BLOCK)) return block;
  throw new CodedError('image.malformed', 'the archive became shorter while it was read');
}

class Listing implements TarSink {
  readonly members = new Map<string, ArchiveMember>();
  readonly #path: string;
  readonly #archiveBytes: number;
  #count = 0;

  constructor(path: string, archiveBytes: number) {
    this.#path = path;
    this.#archiveBytes = archiveBytes;
  }

  entry(entry: TarEntry): void {
    if (++this.#count > MAX_MEMBERS) {
      throw new CodedError('limit.exceeded', `${this.#path} has more than ${String(MAX_MEMBERS)} members`);
    }
    const name = inside(entry.name, []);
    if (name === undefined) return;
    switch (entry.kind) {
      case 'file':
        if (entry.offset + entry.size > this.#archiveBytes) {
          throw new CodedError('image.malformed', `${this.#path} ends inside a member`);
        }
        // a file with holes is no blob anyone writes
        if (entry.contiguous) this.members.set(name, { kind: 'file', offset: entry.offset, size: entry.size });
        return;
      case 'hard-link':
        this.members.set(name, { kind: 'link', target: inside(entry.linkName, []) });
        return;
      case 'symlink':
        this.members.set(name, { kind: 'link', target: symlinkTarget(name, entry.linkName) });
        return;
      case 'directory':
      case 'character-device':
      case 'block-device':
      case 'fifo':
        return;
    }
  }

  data(): void {
    // contents are jumped over
  }

  *hole(): Generator<void> {
    return;
  }

  entryEnd(): void {
    // nothing was begun
  }
}

function symlinkTarget(name: string, target: string): string | undefined {
  return target.startsWith('/') ? undefined : inside(target, name.split('/').slice(0, -1));
}

/** The name as members are listed, or undefined if `..` leads out of the archive. */
function inside(name: string, from: readonly string[]): string | undefined {
  const steps = [...from];
  for (const step of name.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.join('/');
}
