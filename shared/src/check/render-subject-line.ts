import { printable } from '../runtime/printable.js';
import type { SubjectStatus } from './check-result.js';
import { statusMark } from './status-mark.js';

/** Columns before the mark: the `[` of `[OK]` stands in column 72. */
const TEXT_COLUMNS = 71;

/**
 * `/usr/bin/kubeadm [file] Signature Validated                            [OK]`. Longer text pushes the mark one space
 * further and is never cut, so the mark is always the last thing on the line. Escapes what it is given.
 */
export function renderSubjectLine(label: string, statement: string, status: SubjectStatus, color = false): string {
  const text = printable([label, statement].filter((part) => part !== '').join(' '));
  if (status === 'not-checked') return text;
  // columns are characters, not UTF-16 units
  const missing = TEXT_COLUMNS - Array.from(text).length;
  return `${text}${' '.repeat(Math.max(missing, 1))}${statusMark(status, color)}`;
}
