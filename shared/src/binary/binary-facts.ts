import type { BuildIds } from './elf/build-id.js';
import type { ElfHeader } from './elf/elf-header.js';
import type { GoBuildInfo } from './go/build-info.js';
import type { LinkedNames } from './go/linked-names.js';
import type { NativeModule } from './go/native-module.js';
import type { CodeSignature } from './module/code-signatures.js';
import type { LocatedModule } from './module/locate-boring-module.js';

/**
 * What a binary shows of itself. Plain values, no times and no paths of this machine: the same bytes give the same facts.
 * None of them is a judgement; `concludeModule` draws one.
 */
export type BinaryObservation =
  | { readonly state: 'program'; readonly facts: BinaryFacts }
  /** Something else: a script, a text, nothing. */
  | { readonly state: 'not-elf'; readonly begins: 'empty' | 'script' | 'other' }
  | { readonly state: 'malformed'; readonly reason: string }
  | { readonly state: 'unreadable'; readonly reason: string };

export interface BinaryFacts {
  readonly elf: ElfFacts;
  /** Null if no build info of Go could be read; a program may be Go's all the same. */
  readonly go: GoBuildInfo | null;
  readonly names: LinkedNames;
  /** Found in amd64 code; empty elsewhere. */
  readonly signatures: readonly CodeSignature[];
  readonly boring: LocatedModule;
  readonly native: NativeModule;
}

export interface ElfFacts {
  readonly bits: 32 | 64;
  readonly byteOrder: 'little' | 'big';
  readonly machine: ElfHeader['machine'];
  readonly kind: ElfHeader['kind'];
  /** The kernel may put it anywhere. */
  readonly positionIndependent: boolean;
  /** Null if nothing loads libraries into it. */
  readonly interpreter: string | null;
  readonly needed: readonly string[];
  /** Without the table of symbols. */
  readonly stripped: boolean;
  readonly buildIds: BuildIds;
  readonly problems: readonly string[];
}
