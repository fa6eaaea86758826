import type { ModuleFacts } from '@sealwatch/shared/binary/module-facts.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';

/** What the bytes of one file came to. */
export type ExaminedFile =
  | { readonly state: 'program'; readonly digest: Digest; readonly facts: ModuleFacts }
  | { readonly state: 'not-elf'; readonly begins: 'empty' | 'script' | 'other' }
  | { readonly state: 'malformed'; readonly reason: string }
  | { readonly state: 'unreadable'; readonly reason: string };

/**
 * Examining a file costs a tenth of a second, and files hardly change: what was found is kept from scan to scan for as long
 * as a file is the same by its numbers, size and times. A scan that somebody asked for begins without it.
 */
export class ModuleMemory {
  #files = new Map<string, ExaminedFile>();
  #used = new Map<string, ExaminedFile>();

  begin({ fresh }: { fresh: boolean }): void {
    if (fresh) this.#files = new Map();
    this.#used = new Map();
  }

  /** @param key `fileKey` */
  get(key: string): ExaminedFile | undefined {
    const known = this.#used.get(key) ?? this.#files.get(key);
    if (known !== undefined) this.#used.set(key, known);
    return known;
  }

  set(key: string, examined: ExaminedFile): void {
    this.#used.set(key, examined);
  }

  /** What this scan did not use is forgotten. */
  end(): void {
    this.#files = this.#used;
  }
}
