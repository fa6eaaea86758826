import { CorruptZstd } from './corrupt-zstd.js';
import { buildFseTable, constantFseTable, type FseTable, readFseTable } from './fse-table.js';

export interface SequenceTables {
  readonly literalLengths: FseTable;
  readonly offsets: FseTable;
  readonly matchLengths: FseTable;
}

interface TableKind {
  readonly name: keyof SequenceTables;
  readonly maxAccuracyLog: number;
  readonly maxSymbol: number;
  readonly predefined: FseTable;
}

/** In the order in which a block describes them; predefined distributions as in RFC 8878 §3.1.1.3.2.2. */
const KINDS: readonly TableKind[] = [
  {
    name: 'literalLengths',
    maxAccuracyLog: 9,
    maxSymbol: 35,
    predefined: buildFseTable(
      [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
      6,
    ),
  },
  {
    name: 'offsets',
    maxAccuracyLog: 8,
    maxSymbol: 31,
    predefined: buildFseTable(
      [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
      5,
    ),
  },
  {
    name: 'matchLengths',
    maxAccuracyLog: 9,
    maxSymbol: 52,
    predefined: buildFseTable(
      [
        1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
      ],
      6,
    ),
  },
];

/** Reads the three tables behind the mode byte at `from` (RFC 8878 §3.1.1.3.2.1). @throws CorruptZstd */
export function readSequenceTables(
  block: Uint8Array,
  from: number,
  previous: SequenceTables | undefined,
): { tables: SequenceTables; next: number } {
  const modes = block[from] ?? 0;
  if ((modes & 3) !== 0) throw new CorruptZstd('reserved bits are set');
  let next = from + 1;
  const read = ({ name, predefined, ...limits }: TableKind, mode: number): FseTable => {
    switch (mode) {
      case 0:
        return predefined;
      case 1: {
        const symbol = block[next++] ?? 0;
        if (symbol > limits.maxSymbol) throw new CorruptZstd('a table has too many symbols');
        return constantFseTable(symbol);
      }
      case 2: {
        const described = readFseTable(block, next, limits);
        next = described.next;
        return described.table;
      }
      default:
        if (previous === undefined) throw new CorruptZstd('a table is repeated that was never given');
        return previous[name];
    }
  };
  const [first, second, third] = KINDS.map((kind, i) => read(kind, (modes >> (6 - 2 * i)) & 3));
  if (first === undefined || second === undefined || third === undefined) throw new CorruptZstd('no tables');
  return { tables: { literalLengths: first, offsets: second, matchLengths: third }, next };
}
