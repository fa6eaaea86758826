import { printable } from '@sealwatch/shared/runtime/printable.js';
import { InvalidArgumentError } from 'commander';

/** One line of at most 64 characters, as a manifest describes what it is for. */
export function shortText(text: string): string {
  if (text !== '' && text.length <= 64 && printable(text) === text) return text;
  throw new InvalidArgumentError('Write 1 to 64 printable characters.');
}

/** The same for a flag that may be given several times. */
export function shortTexts(text: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, shortText(text)];
}
