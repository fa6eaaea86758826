import type { ModuleFacts } from '@sealwatch/shared/binary/module-facts.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';

/** What the bytes of one file came to. */
export type ExaminedFile =
  | { readonly state: 'program'; readonly digest: Digest; readonly facts: ModuleFacts }
  | { readonly state: 'not-elf'; readonly begins: 'empty' | 'script' | 'other' }
  | { readonly state: 'malformed'; readonly reason: string }
  | { readonly state: 'unreadable'; readonly reason: string };

/** What may stand in for examining a file, and where to keep what examining it came to. */
export interface KnownFiles {
  /** @param key `fileKey` */
  get(key: string): ExaminedFile | undefined;
  set(key: string, examined: ExaminedFile): void;
}

/**
 * Examining a file costs a tenth of a second, and files hardly change: what was found is kept from look to look for as long
 * as a file is the same by its numbers, size and times. Looks may overlap.
 */
export class ModuleMemory {
  readonly #files = new Map<string, ExaminedFile>();
  #used = new Set<string>();

  /** For one look. What somebody asked for rests on nothing that was seen before. */
  begin({ fresh }: { fresh: boolean }): KnownFiles {
    const seen = new Map<string, ExaminedFile>();
    return {
      get: (key) => {
        const known = fresh ? seen.get(key) : this.#files.get(key);
        if (known !== undefined) this.#used.add(key);
        return known;
      },
      set: (key, examined) => {
        seen.set(key, examined);
        this.#files.set(key, examined);
        this.#used.add(key);
      },
    };
  }

  /** What nobody used since the last call is no longer remembered. */
  forgetUnused(): void {
    for (const key of this.#files.keys()) if (!this.#used.has(key)) this.#files.delete(key);
    this.#used = new Set();
  }
}
