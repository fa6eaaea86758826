import { printable } from '@sealwatch/shared/runtime/printable.js';

/** Columns parted by two spaces, no borders, nothing cut: as easy to read as to cut up in a pipe. Escapes every cell. */
export function textTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [heading, ...rows].map((row) => row.map((cell) => (cell === '' ? '-' : printable(cell))));
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => length(row[column] ?? ''))));
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, column) => padded(cell, widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(width - length(cell));
}

function length(text: string): number {
  return Array.from(text).length;
}
