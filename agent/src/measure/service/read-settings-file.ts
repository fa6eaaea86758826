import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { parseForeignYaml } from '@sealwatch/shared/yaml/parse-foreign-yaml.js';
import type { GivenSettings } from './given-settings.js';
import type { SettingNames } from './tls-options.js';

/** The file a program was pointed to. */
export type SettingsFile =
  | { readonly state: 'read'; readonly bytes: Uint8Array }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly reason: string };

/** More than any such file has. */
export const MAX_SETTINGS_BYTES: number = 256 * 1024;

/** The TLS settings in a component's YAML file. A component without such a file, and one that was given none, have none. */
export function readSettingsFile(
  keys: SettingNames | undefined,
  file: SettingsFile | undefined,
): { readonly state: 'read'; readonly given: GivenSettings } | Unreadable {
  if (keys === undefined || file === undefined) return { state: 'read', given: {} };
  if (file.state === 'absent') return unreadable('its settings file is absent');
  if (file.state === 'unreadable') return unreadable(`its settings file: ${file.reason}`);
  const parsed = parseForeignYaml(file.bytes, MAX_SETTINGS_BYTES);
  if (parsed.state === 'unreadable') return unreadable(`its settings file: ${parsed.reason}`);
  const root: unknown = parsed.value ?? new Map<unknown, unknown>();
  if (!(root instanceof Map)) return unreadable('its settings file is no mapping');
  const suites: unknown = keys.suites.map((key) => root.get(key) as unknown).find((value) => value !== undefined);
  const [minVersion, maxVersion] = [keys.minVersion, keys.maxVersion].map((key) => root.get(key) as unknown);
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
