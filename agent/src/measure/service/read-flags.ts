/** What a command line says about some flags. */
export interface FlagReading {
  /** By name without dashes; every value in the order given. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** The first thing that leaves the values in doubt; null if nothing does. */
  readonly doubt: string | null;
}

/**
 * As Go's flag package and Kubernetes' pflag read: `--name=value`, `--name value`, one dash for two, `_` for `-`, and
 * nothing after `--`. Of the other flags it isn't known whether they take the next argument, so none does: a value that
 * looks like a flag is taken for one.
 * @param args without the program's own name
 */
export function readFlags(args: readonly string[], names: readonly string[]): FlagReading {
  const values = new Map<string, string[]>();
  let doubt: string | null = null;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--') break;
    const flag = /^--?([^-=][^=]*)(?:=([^]*))?$/.exec(arg);
    if (flag === null) {
      // a shell's command, perhaps: the flags in it are not read, but are not overlooked either
      const named = names.find((name) => arg.includes(`-${name}`));
      if (named !== undefined) doubt ??= `--${named} stands inside another argument`;
      continue;
    }
    const name = (flag[1] ?? '').replace(/_/g, '-');
    if (!names.includes(name)) continue;
    const value = flag[2] ?? args[++i];
    if (value === undefined) {
      doubt ??= `--${name} has no value`;
      continue;
    }
    const given = values.get(name);
    if (given === undefined) values.set(name, [value]);
    else given.push(value);
  }
  return { values, doubt };
}
