import { openBelow } from '../../hashing/walk-path.js';
import { CodedError } from '../../runtime/coded-error.js';
import type { NamedFiles } from './named-files.js';
import { closeFile, readRange, statFile } from './read-range.js';

/** Files of a directory; links are followed inside it, never out of it. */
export class DirectoryFiles implements NamedFiles {
  readonly place: string;

  constructor(root: string) {
    this.place = root;
  }

  async size(name: string): Promise<number | undefined> {
    const fd = await this.#open(name);
    if (fd === undefined) return undefined;
    try {
      return (await statFile(fd)).size;
    } finally {
      await closeFile(fd);
    }
  }

  async *read(name: string, limit: number): AsyncGenerator<Uint8Array> {
    const fd = await this.#open(name);
    if (fd === undefined) return;
    try {
      yield* readRange(fd, 0, limit);
    } finally {
      await closeFile(fd);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #open(name: string): Promise<number | undefined> {
    const opened = await openBelow(this.place, Buffer.from(name));
    switch (opened.state) {
      case 'opened':
        return opened.fd;
      case 'absent':
        return undefined;
      case 'not-regular':
        throw new CodedError('file.unreadable', `${name} in ${this.place} is a ${opened.fileType}`);
      case 'unreadable':
        throw new CodedError('file.unreadable', `${name} in ${this.place} can't be read: ${opened.reason}`);
    }
  }
}
