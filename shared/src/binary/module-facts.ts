import type { ElfHeader } from './elf/elf-header.js';
import type { BinaryFacts } from './binary-facts.js';
import { fips140ItemOf } from './go/fips140-setting.js';
import type { LinkedNames } from './go/linked-names.js';
import type { NativeModule } from './go/native-module.js';
import type { CodeSignature } from './module/code-signatures.js';
import type { LocatedModule } from './module/locate-boring-module.js';

/** What a conclusion about a program's module is drawn from; `BinaryFacts` have it all, and much more. */
export interface ModuleFacts {
  readonly elf: { readonly machine: ElfHeader['machine']; readonly needed: readonly string[] };
  /** Null if no build info of Go could be read; a program may be Go's all the same. */
  readonly go: GoFacts | null;
  readonly names: LinkedNames;
  readonly signatures: readonly CodeSignature[];
  readonly boring: LocatedModule;
  readonly native: NativeModule;
}

export interface GoFacts {
  readonly version: {
    readonly text: string;
    readonly experiments: readonly string[];
    readonly boringRelease: number | null;
  };
  readonly module: { readonly settings: Readonly<Record<string, string>> };
}

export const MAX_TEXT = 100;

/**
 * The same, short enough for a report, and with the same conclusion: of the texts only what tells of a module. Printable
 * ASCII, as the texts are anybody's.
 */
export function moduleFactsOf({ elf, go, names, signatures, boring, native }: BinaryFacts): ModuleFacts {
  return {
    elf: {
      machine: elf.machine,
      needed: elf.needed
        .filter((name) => /^libcrypto\.so/.test(name))
        .slice(0, 1)
        .map(short),
    },
    go: go && {
      version: {
        text: short(go.version.text),
        experiments: go.version.experiments.filter(isBoring).slice(0, 1),
        boringRelease: go.version.boringRelease,
      },
      module: { settings: settingsOf(go.module.settings) },
    },
    names,
    signatures,
    boring,
    native,
  };
}

function settingsOf(settings: Readonly<Record<string, string>>): Record<string, string> {
  const { GOEXPERIMENT, GOFIPS140, DefaultGODEBUG } = settings;
  const fips140 = DefaultGODEBUG === undefined ? undefined : fips140ItemOf(DefaultGODEBUG);
  return {
    ...(GOEXPERIMENT?.split(',').some(isBoring) === true ? { GOEXPERIMENT: 'boringcrypto' } : {}),
    ...(GOFIPS140 === undefined ? {} : { GOFIPS140: short(GOFIPS140) }),
    ...(fips140 === undefined ? {} : { DefaultGODEBUG: short(fips140) }),
  };
}

function isBoring(experiment: string): boolean {
  return experiment === 'boringcrypto';
}

function short(text: string): string {
  return text.slice(0, MAX_TEXT).replace(/[^\x20-\x7e]/g, '?');
}
