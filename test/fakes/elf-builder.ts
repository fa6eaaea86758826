/** ELF files made by hand, byte for byte as a linker would: small, and wrong in exactly the ways a test asks for. */
export interface ElfParts {
  readonly bits?: 32 | 64;
  readonly bigEndian?: boolean;
  /** e_machine; 62 is amd64, 183 arm64. */
  readonly machine?: number;
  /** e_type; 2 is an executable, 3 position-independent. */
  readonly type?: number;
  /** Mapped parts, by address. The first one also holds the headers if it says so. */
  readonly segments?: readonly ElfSegment[];
  /** Program headers that point into the mapped parts: PT_DYNAMIC, PT_INTERP, PT_NOTE. */
  readonly pointers?: readonly { readonly type: number; readonly address: number; readonly bytes: number }[];
  /** Named places in the mapped parts. */
  readonly sections?: readonly { readonly name: string; readonly address: number; readonly bytes: number }[];
  readonly symbols?: readonly { readonly name: string; readonly value: number }[];
}

export interface ElfSegment {
  readonly flags: 'r' | 'rx' | 'rw' | 'rwx';
  readonly address: number;
  readonly bytes: Buffer;
  readonly memoryBytes?: number;
}

const FLAGS = { r: 4, rx: 5, rw: 6, rwx: 7 } as const;
const PAGE = 4096;

/** Writes numbers as the file's class and byte order want them. */
export class ElfWriter {
  readonly #parts: Buffer[] = [];
  readonly #bits: 32 | 64;
  readonly #bigEndian: boolean;

  constructor({ bits = 64, bigEndian = false }: Pick<ElfParts, 'bits' | 'bigEndian'> = {}) {
    this.#bits = bits;
    this.#bigEndian = bigEndian;
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(Buffer.from(bytes));
    return this;
  }

  u16(value: number): this {
    return this.#uint(BigInt(value), 2);
  }

  u32(value: number): this {
    return this.#uint(BigInt(value), 4);
  }

  u64(value: number | bigint): this {
    return this.#uint(BigInt(value), 8);
  }

  word(value: number | bigint): this {
    return this.#uint(BigInt(value), this.#bits / 8);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #uint(value: bigint, length: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt.asUintN(8 * length, value));
    const part = bytes.subarray(8 - length);
    return this.raw(this.#bigEndian ? part : Buffer.from(part).reverse());
  }
}

export function buildElf(parts: ElfParts = {}): Buffer {
  const { bits = 64, segments = [], pointers = [], sections = [], symbols = [] } = parts;
  const wide = bits === 64;
  const headerBytes = wide ? 64 : 52;
  const programBytes = wide ? 56 : 32;
  const writer = (): ElfWriter => new ElfWriter(parts);

  const body: Buffer[] = [];
  let end = headerBytes + programBytes * (segments.length + pointers.length);
  const append = (bytes: Buffer, alignment: number): number => {
    const offset = Math.ceil(end / alignment) * alignment;
    body.push(Buffer.alloc(offset - end), bytes);
    end = offset + bytes.length;
    return offset;
  };
  const placed = segments.map((segment) => ({ ...segment, offset: append(segment.bytes, PAGE) }));
  const offsetOf = (address: number): number => {
    const home = placed.find(
      (segment) => address >= segment.address && address < segment.address + segment.bytes.length,
    );
    if (home === undefined) throw new Error(`nothing is mapped at ${address.toString(16)}`);
    return home.offset + address - home.address;
  };

  const programs = [
    ...placed.map((segment) => ({
      type: 1,
      flags: FLAGS[segment.flags],
      offset: segment.offset,
      address: segment.address,
      fileBytes: segment.bytes.length,
      memoryBytes: segment.memoryBytes ?? segment.bytes.length,
    })),
    ...pointers.map(({ type, address, bytes }) => {
      const where = { offset: offsetOf(address), address, fileBytes: bytes, memoryBytes: bytes };
      return { type, flags: 4, ...where };
    }),
  ].map((program) => {
    const { type, flags, offset, address, fileBytes, memoryBytes } = program;
    const entry = writer().u32(type);
    if (wide) entry.u32(flags);
    entry.word(offset).word(address).word(address).word(fileBytes).word(memoryBytes);
    if (!wide) entry.u32(flags);
    return entry.word(PAGE).bytes();
  });

  const strings = stringTable(symbols.map(({ name }) => name));
  const symbolTable = writer().raw(Buffer.alloc(wide ? 24 : 16));
  for (const [i, { value }] of symbols.entries()) {
    symbolTable.u32(strings.offsets[i]!);
    if (wide)
      symbolTable
        .raw(Buffer.from([1, 0]))
        .u16(1)
        .u64(value)
        .u64(0);
    else
      symbolTable
        .u32(value)
        .u32(0)
        .raw(Buffer.from([1, 0]))
        .u16(1);
  }
  const listed = [
    { name: '', type: 0, address: 0, offset: 0, bytes: 0, link: 0 },
    ...sections.map((section) => ({ ...section, type: 1, offset: offsetOf(section.address), link: 0 })),
  ];
  if (symbols.length > 0) {
    const [table, texts] = [symbolTable.bytes(), strings.bytes];
    const link = listed.length + 1;
    listed.push({ name: '.symtab', type: 2, address: 0, offset: append(table, 8), bytes: table.length, link });
    listed.push({ name: '.strtab', type: 3, address: 0, offset: append(texts, 1), bytes: texts.length, link: 0 });
  }
  const names = stringTable([...listed.map(({ name }) => name), '.shstrtab']);
  const namesOffset = append(names.bytes, 1);
  listed.push({ name: '.shstrtab', type: 3, address: 0, offset: namesOffset, bytes: names.bytes.length, link: 0 });
  const table = listed.map(({ type, address, offset, bytes, link }, i) =>
    writer()
      .u32(names.offsets[i]!)
      .u32(type)
      .word(0)
      .word(address)
      .word(offset)
      .word(bytes)
      .u32(link)
      .u32(0)
      .word(1)
      .word(0)
      .bytes(),
  );
  const tableOffset = append(Buffer.concat(table), 8);

  const header = writer()
    .raw(
      Buffer.from([
        0x7f,
        0x45,
        0x4c,
        0x46,
        wide ? 2 : 1,
        parts.bigEndian === true ? 2 : 1,
        1,
        ...Array<number>(9).fill(0),
      ]),
    )
    .u16(parts.type ?? 2)
    .u16(parts.machine ?? 62)
    .u32(1)
    .word(segments[0]?.address ?? 0)
    .word(headerBytes)
    .word(tableOffset)
    .u32(0)
    .u16(headerBytes)
    .u16(programBytes)
    .u16(programs.length)
    .u16(wide ? 64 : 40)
    .u16(listed.length)
    .u16(listed.length - 1)
    .bytes();
  return Buffer.concat([header, ...programs, ...body]);
}

function stringTable(names: readonly string[]): { bytes: Buffer; offsets: number[] } {
  let bytes = Buffer.from('\0', 'latin1');
  const offsets = names.map((name) => {
    if (name === '') return 0;
    const offset = bytes.length;
    bytes = Buffer.concat([bytes, Buffer.from(`${name}\0`, 'latin1')]);
    return offset;
  });
  return { bytes, offsets };
}
