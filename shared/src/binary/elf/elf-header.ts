import { type ByteSource, readUpTo } from './byte-source.js';
import { type Encoding, Fields } from './encoding.js';
import { MalformedBinary } from './malformed-binary.js';

export type Machine = 'amd64' | 'arm64' | '386' | 'arm' | 's390x' | 'ppc64' | 'riscv64' | 'other';

/** The ELF header (gABI 4.1, figure 4-3). Offsets are not checked yet against the file. */
export interface ElfHeader {
  readonly encoding: Encoding;
  readonly kind: 'executable' | 'shared' | 'relocatable' | 'core' | 'other';
  readonly machine: Machine;
  readonly entry: number;
  readonly programHeaders: HeaderTable;
  readonly sectionHeaders: HeaderTable & { readonly namesIndex: number };
}

export interface HeaderTable {
  readonly offset: number;
  readonly entryBytes: number;
  readonly count: number;
}

const MAGIC = Buffer.from('\x7fELF', 'latin1');

const KINDS: Readonly<Record<number, ElfHeader['kind']>> = {
  1: 'relocatable',
  2: 'executable',
  3: 'shared',
  4: 'core',
};

const MACHINES: Readonly<Record<number, Machine>> = {
  3: '386',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
};

/** Undefined if this is no ELF file at all. @throws MalformedBinary */
export async function readElfHeader(source: ByteSource): Promise<ElfHeader | undefined> {
  const bytes = await readUpTo(source, 0, 64);
  if (!bytes.subarray(0, 4).equals(MAGIC)) return undefined;
  const encoding = encodingOf(bytes);
  const fields = new Fields(bytes, encoding);
  // after the three words (entry, program headers, section headers) and the flags
  const tail = encoding.bits === 64 ? 52 : 40;
  const word = encoding.bits / 8;
  return {
    encoding,
    kind: KINDS[fields.u16(16)] ?? 'other',
    machine: MACHINES[fields.u16(18)] ?? 'other',
    entry: fields.word(24),
    programHeaders: {
      offset: fields.word(24 + word),
      entryBytes: fields.u16(tail + 2),
      count: fields.u16(tail + 4),
    },
    sectionHeaders: {
      offset: fields.word(24 + 2 * word),
      entryBytes: fields.u16(tail + 6),
      count: fields.u16(tail + 8),
      namesIndex: fields.u16(tail + 10),
    },
  };
}

function encodingOf(bytes: Buffer): Encoding {
  const [elfClass, data] = [bytes[4], bytes[5]];
  if (elfClass !== 1 && elfClass !== 2) throw new MalformedBinary('it is neither of 32 nor of 64 bits');
  if (data !== 1 && data !== 2) throw new MalformedBinary('its byte order is not known');
  return { bits: elfClass === 2 ? 64 : 32, bigEndian: data === 2 };
}
