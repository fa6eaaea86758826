/** The text a Go linker leaves about what it linked (cmd/go, runtime/debug.BuildInfo). All of it is what the build said. */
export interface ModuleInfo {
  readonly path: string | null;
  readonly main: GoModule | null;
  /** A replaced one by what replaced it: that is what was linked. */
  readonly dependencies: readonly GoModule[];
  /** `GOEXPERIMENT`, `-tags`, `DefaultGODEBUG`, …; the first of a name counts. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface GoModule {
  readonly path: string;
  readonly version: string;
}

export const NO_MODULE_INFO: ModuleInfo = { path: null, main: null, dependencies: [], settings: {} };

/** Kubernetes has about 200. */
const MAX_DEPENDENCIES = 5000;
const MAX_SETTINGS = 200;

/** Takes the text without its sentinels. Lines that it does not know are left out. */
export function parseModuleInfo(text: string): ModuleInfo {
  let path: string | null = null;
  let main: GoModule | null = null;
  const dependencies: GoModule[] = [];
  const settings = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [kind, first = '', second = ''] = line.split('\t');
    if (kind === 'path') path ??= first;
    else if (kind === 'mod') main ??= { path: first, version: second };
    else if (kind === 'dep' && dependencies.length < MAX_DEPENDENCIES) {
      dependencies.push({ path: first, version: second });
    } else if (kind === '=>' && dependencies.length > 0) {
      dependencies[dependencies.length - 1] = { path: first, version: second };
    } else if (kind === 'build' && settings.size < MAX_SETTINGS) {
      const [key, value] = setting(line.slice('build\t'.length));
      if (key !== '' && !settings.has(key)) settings.set(key, value);
    }
  }
  return { path, main, dependencies, settings: Object.fromEntries(settings) };
}

/** `KEY=VALUE`; either is quoted as Go quotes if it has odd characters in it. */
function setting(text: string): [string, string] {
  const [key, rest] = upToEquals(text);
  return [unquoted(key), unquoted(rest)];
}

function upToEquals(text: string): [string, string] {
  const quoted = /^("(?:[^"\\]|\\.)*"|`[^`]*`)=/.exec(text)?.[1];
  const end = quoted?.length ?? text.indexOf('=');
  return end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end + 1)];
}

function unquoted(text: string): string {
  if (/^`[^`]*`$/.test(text)) return text.slice(1, -1);
  if (!/^"(?:[^"\\]|\\.)*"$/.test(text)) return text;
  try {
    // Go's quoting of what stands here is JSON's, but for escapes that no build setting has
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
