import { InvalidArgumentError } from 'commander';

/** `NAME=VALUE`; the value may have more `=`. @param form how to write it, for the error */
export function splitAssignment(text: string, form: string): { name: string; value: string } {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError(`Write it as ${form}.`);
  return { name: text.slice(0, at), value: text.slice(at + 1) };
}
