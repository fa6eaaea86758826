import type { ByteSource } from '../elf/byte-source.js';
import { SHT_SYMTAB } from '../elf/section-headers.js';
import type { ProgramImage } from '../elf/program-image.js';
import { scanWindows } from '../elf/scan-windows.js';
import { functionNames } from './function-names.js';

/** What the names of a program's functions tell. Names are texts: they show what was linked if nobody wrote them there. */
export interface LinkedNames {
  /** False if the program keeps no names: then nothing missing here means anything. */
  readonly known: boolean;
  readonly boringCrypto: boolean;
  readonly standardCrypto: boolean;
  readonly fipsOnly: boolean;
  /** Go's calls into BoringCrypto through cgo. */
  readonly boringCalls: boolean;
  /** A bridge to the system's OpenSSL, as Red Hat's and Microsoft's Go have it. */
  readonly openssl: boolean;
  /** Of Go's native module, as its paths say: `v1.0.0-c2097c7c`; null if they name none. */
  readonly frozenVersion: string | null;
}

const TEXTS = {
  boringCrypto: ['crypto/internal/boring/sig.BoringCrypto'],
  standardCrypto: ['crypto/internal/boring/sig.StandardCrypto'],
  fipsOnly: ['crypto/internal/boring/sig.FIPSOnly'],
  boringCalls: ['_Cfunc__goboringcrypto_'],
  openssl: ['github.com/golang-fips/openssl', 'github.com/microsoft/go-crypto-openssl', 'go_openssl_'],
} as const;

type Trait = keyof typeof TEXTS;

const WANTED: readonly (readonly [Trait, Buffer])[] = (Object.keys(TEXTS) as Trait[]).flatMap((trait) =>
  TEXTS[trait].map((text) => [trait, Buffer.from(text, 'latin1')] as const),
);

const FROZEN_PATH = Buffer.from('crypto/internal/fips140/v', 'latin1');
const LONGEST = 64;

/** Reads the symbols' names in the file and Go's own in memory, each once. */
export async function readLinkedNames(source: ByteSource, image: ProgramImage): Promise<LinkedNames> {
  const seen = new Set<Trait>();
  const versions: string[] = [];
  const visit = (window: Buffer): void => {
    for (const [trait, text] of WANTED) if (!seen.has(trait) && window.includes(text)) seen.add(trait);
    const at = versions.length === 0 ? window.indexOf(FROZEN_PATH) : -1;
    if (at !== -1) versions.push(...frozenVersionAt(window, at));
  };
  const symbols = image.elf.sections.find(({ type }) => type === SHT_SYMTAB);
  const texts = symbols === undefined ? undefined : image.elf.sections[symbols.link];
  if (texts !== undefined) {
    await scanWindows(source, { start: texts.offset, end: texts.offset + texts.bytes, overlap: LONGEST }, visit);
  }
  const names = await functionNames(image);
  if (names !== undefined) await scanWindows(image.memory, { ...names, overlap: LONGEST }, visit);
  return {
    known: texts !== undefined || names !== undefined,
    boringCrypto: seen.has('boringCrypto'),
    standardCrypto: seen.has('standardCrypto'),
    fipsOnly: seen.has('fipsOnly'),
    boringCalls: seen.has('boringCalls'),
    openssl: seen.has('openssl'),
    frozenVersion: versions[0] ?? null,
  };
}

function frozenVersionAt(window: Buffer, at: number): string[] {
  const text = window.toString('latin1', at + FROZEN_PATH.length - 1, at + LONGEST);
  const version = /^(v\d+\.\d+\.\d+(?:-[0-9a-f]{8})?)[/.]/.exec(text)?.[1];
  return version === undefined ? [] : [version];
}
