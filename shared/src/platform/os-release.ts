import { textLines } from './text-lines.js';

/** What a distribution calls itself: the fields of os-release(5) that tell systems apart. A missing one is ''. */
export interface OsRelease {
  /** `rhel`, `centos`, `rocky`, `almalinux`, `ol` … */
  readonly id: string;
  /** `7`, `8.10` */
  readonly versionId: string;
  readonly name: string;
  readonly prettyName: string;
  /** `platform:el8` */
  readonly platformId: string;
}

/** More than any distribution writes; what is longer is no name. */
export const MAX_OS_TEXT = 256;

const ASSIGNMENT = /^([A-Z][A-Z0-9_]*)=(.*)$/;

/**
 * Reads os-release(5) as a shell would, without one: the last assignment of a name counts, and a line that is no
 * assignment of one word says nothing.
 * @returns undefined if no system is named
 */
export function parseOsRelease(bytes: Buffer): OsRelease | undefined {
  const fields = new Map<string, string>();
  for (const line of textLines(bytes)) {
    const [, name, written] = ASSIGNMENT.exec(line) ?? [];
    if (name === undefined || written === undefined) continue;
    const word = shellWord(written);
    if (word !== undefined && word.length <= MAX_OS_TEXT) fields.set(name, word);
  }
  const of = (name: string): string => fields.get(name) ?? '';
  if (of('ID') === '') return undefined;
  return {
    id: of('ID'),
    versionId: of('VERSION_ID'),
    name: of('NAME'),
    prettyName: of('PRETTY_NAME'),
    platformId: of('PLATFORM_ID'),
  };
}

/** One shell word without expansions, or undefined: a `$` or a backquote that a shell would act on is no name. */
function shellWord(written: string): string | undefined {
  let word = '';
  let quote = '';
  for (let i = 0; i < written.length; i++) {
    const char = written.charAt(i);
    if (quote === "'") {
      if (char === "'") quote = '';
      else word += char;
    } else if (char === '\\') {
      const next = written.charAt(++i);
      if (next === '') return undefined;
      // between double quotes a backslash stands for itself, but before these
      if (quote === '"' && !'"\\$`'.includes(next)) word += char;
      word += next;
    } else if (char === '"') quote = quote === '"' ? '' : '"';
    else if (char === "'" && quote === '') quote = "'";
    else if (char === '$' || char === '`') return undefined;
    else if (quote === '' && /[\s;&|<>()#]/.test(char)) return undefined;
    else word += char;
  }
  return quote === '' ? word : undefined;
}
