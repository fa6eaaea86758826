import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { parseForeignYaml } from '@sealwatch/shared/yaml/parse-foreign-yaml.js';
import type { GivenSettings } from './given-settings.js';
import type { SettingNames } from './tls-options.js';

/** The file a program was pointed to. */
export type SettingsFile =
  | { readonly state: 'read'; readonly bytes: Uint8Array }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly reason: string };

/** What stands in it, and in those that go over it. */
export type Settings = { readonly state: 'read'; readonly keys: ReadonlyMap<unknown, unknown> } | Unreadable;

/** More than any such file has. */
export const MAX_SETTINGS_BYTES: number = 256 * 1024;

/**
 * Files of YAML laid over each other, the later ones on top: a key there counts as a whole, and one that is null counts as
 * if it stood nowhere (RFC 7396, for keys of the first level). Without a file nothing is set.
 */
export function mergeSettings(files: readonly SettingsFile[]): Settings {
  const keys = new Map<unknown, unknown>();
  for (const file of files) {
    if (file.state === 'absent') return unreadable('its settings file is absent');
    if (file.state === 'unreadable') return unreadable(`its settings file: ${file.reason}`);
    const parsed = parseForeignYaml(file.bytes, MAX_SETTINGS_BYTES);
    if (parsed.state === 'unreadable') return unreadable(`its settings file: ${parsed.reason}`);
    const root: unknown = parsed.value ?? new Map<unknown, unknown>();
    if (!(root instanceof Map)) return unreadable('its settings file is no mapping');
    for (const [key, value] of root as ReadonlyMap<unknown, unknown>) keys.set(key, value);
  }
  return { state: 'read', keys };
}

/** The TLS settings in a component's files. A component without such files, and one that was given none, have none. */
export function readSettingsFile(
  names: SettingNames | undefined,
  files: readonly SettingsFile[],
): { readonly state: 'read'; readonly given: GivenSettings } | Unreadable {
  if (names === undefined) return { state: 'read', given: {} };
  const settings = mergeSettings(files);
  if (settings.state === 'unreadable') return settings;
  const value = (key: string | null): unknown => (key === null ? undefined : settings.keys.get(key));
  const suites: unknown = names.suites.map(value).find((written) => written !== undefined);
  const [minVersion, maxVersion] = [value(names.minVersion), value(names.maxVersion)];
  if (!isNothing(suites) && !isTextList(suites)) return unreadable('its settings file has no list of suites');
  if (!isNothing(minVersion) && typeof minVersion !== 'string') return unreadable(NO_VERSION);
  if (!isNothing(maxVersion) && typeof maxVersion !== 'string') return unreadable(NO_VERSION);
  return {
    state: 'read',
    given: { suites: suites ?? undefined, minVersion: minVersion ?? undefined, maxVersion: maxVersion ?? undefined },
  };
}

const NO_VERSION = 'its settings file has a TLS version that is no text';

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function unreadable(reason: string): Unreadable {
  return { state: 'unreadable', reason };
}
