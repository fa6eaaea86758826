import { textLines } from './text-lines.js';

/** Which modules a file of dracut.conf(5) asks for and leaves out, as far as `fips` goes. */
export interface DracutConfiguration {
  readonly adds: boolean;
  readonly omits: boolean;
}

const SETTING =
  /^(add_dracutmodules|force_add_dracutmodules|omit_dracutmodules|dracutmodules)\+?=\s*(["']?)([^"'#]*)\2/;

/** One file of `dracut.conf.d`; RHEL 8's own is `40-fips.conf`: `add_dracutmodules+=" fips "`. */
export function parseDracutConfiguration(bytes: Buffer): DracutConfiguration {
  let adds = false;
  let omits = false;
  for (const line of textLines(bytes)) {
    const [, setting, , modules = ''] = SETTING.exec(line) ?? [];
    if (setting === undefined || !modules.split(/\s+/).includes('fips')) continue;
    if (setting === 'omit_dracutmodules') omits = true;
    else adds = true;
  }
  return { adds, omits };
}
