import { InvalidArgumentError } from 'commander';

/** A manifest's name as its schema wants it. */
export function manifestId(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(text)) return text;
  throw new InvalidArgumentError('Write letters, digits, ".", "_", "+" and "-", at most 128, a letter or digit first.');
}
