import type { TlsSettings } from '@sealwatch/shared/measurement/service-measurement.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { type GivenSettings, tlsSettings } from './given-settings.js';
import { type FlagReading, readFlags } from './read-flags.js';
import { readSettingsFile, type SettingsFile } from './read-settings-file.js';
import { type SettingNames, tlsOptionsOf } from './tls-options.js';

/** How a program was started, or would be. */
export interface StartedWith {
  /** With the program's own name first. */
  readonly argv: readonly string[];
  /** No more of it than `tlsVariablesOf` names need be there. */
  readonly environment: ReadonlyMap<string, string>;
}

/** The variables from which a component takes TLS settings. */
export function tlsVariablesOf(component: string): readonly string[] {
  const { variables } = tlsOptionsOf(component);
  return variables === null ? [] : [...namesOf(variables), variables.file];
}

/** The path of the file from which a component takes TLS settings as well; undefined if it was given none. */
export function settingsFileOf(component: string, startedWith: StartedWith): string | undefined {
  const { file, variables } = tlsOptionsOf(component);
  if (file === null) return undefined;
  const flag = readFlags(startedWith.argv.slice(1), [file.flag]).values.get(file.flag)?.slice(-1)[0];
  const path = flag === undefined || flag === '' ? startedWith.environment.get(variables?.file ?? '') : flag;
  return path === '' ? undefined : path;
}

/** The path of a directory of files that go over that one; undefined if it was given none. */
export function settingsDirectoryOf(component: string, { argv }: StartedWith): string | undefined {
  const flag = tlsOptionsOf(component).file?.directoryFlag ?? null;
  const path = flag === null ? undefined : readFlags(argv.slice(1), [flag]).values.get(flag)?.slice(-1)[0];
  return path === '' ? undefined : path;
}

/**
 * What a component was told to accept, by its own rules of which place goes before which. Whatever leaves that in
 * doubt makes it unreadable: "not set" is said only of what is not set.
 * @param files what stands in `settingsFileOf` and `settingsDirectoryOf`, the later ones on top; empty if there are none
 */
export function configuredTls(
  component: string,
  startedWith: StartedWith,
  files: readonly SettingsFile[],
): TlsSettings | Unreadable {
  const options = tlsOptionsOf(component);
  const inFile = readSettingsFile(options.file?.keys, files);
  if (inFile.state === 'unreadable') return inFile;
  if (files.length > 0 && options.file?.precedence === 'alone') return tlsSettings([inFile.given]);

  const flags = readFlags(startedWith.argv.slice(1), namesOf(options.flags));
  if (flags.doubt !== null) return { state: 'unreadable', reason: flags.doubt };
  return tlsSettings([
    givenByFlags(flags, options.flags, options.repeatedSuites),
    options.variables === null ? {} : givenByVariables(startedWith.environment, options.variables),
    inFile.given,
  ]);
}

function namesOf({ suites, minVersion, maxVersion }: SettingNames): string[] {
  return [...suites, minVersion, ...(maxVersion === null ? [] : [maxVersion])];
}

function givenByFlags({ values }: FlagReading, names: SettingNames, repeated: 'append' | 'last'): GivenSettings {
  const lists = names.suites.map((name) => values.get(name)).find((given) => given !== undefined);
  const last = (name: string | null): string | undefined => values.get(name ?? '')?.slice(-1)[0];
  return {
    suites: (repeated === 'append' ? lists : lists?.slice(-1))?.flatMap(listed),
    minVersion: last(names.minVersion),
    maxVersion: last(names.maxVersion),
  };
}

/** An empty variable counts as none. */
function givenByVariables(environment: ReadonlyMap<string, string>, names: SettingNames): GivenSettings {
  const value = (name: string | null | undefined): string | undefined => {
    const text = environment.get(name ?? '');
    return text === '' ? undefined : text;
  };
  return {
    suites: names.suites
      .map(value)
      .find((given) => given !== undefined)
      ?.split(','),
    minVersion: value(names.minVersion),
    maxVersion: value(names.maxVersion),
  };
}

function listed(value: string): string[] {
  return value === '' ? [] : value.split(',');
}
