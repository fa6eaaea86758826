import { Help, Option } from 'commander';

/** What `--help` says of an option, without the defaults that say nothing: off, and none. */
export function optionDescription(option: Option): string {
  const help = new Help();
  if (!saysNothing(option)) return help.optionDescription(option);
  return help.optionDescription(new Option(option.flags, option.description));
}

function saysNothing({ defaultValue, defaultValueDescription }: Option): boolean {
  const value: unknown = defaultValue;
  return defaultValueDescription === undefined && (value === false || (Array.isArray(value) && value.length === 0));
}
