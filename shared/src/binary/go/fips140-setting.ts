/** Whether Go's native module checks itself and is used (crypto/internal/fips140/check): Go's own words, `auto` is Red Hat's. */
export type Fips140Setting = 'off' | 'on' | 'only' | 'debug' | 'auto' | 'invalid';

const WORDS: ReadonlyMap<string, Fips140Setting> = new Map([
  ['', 'off'],
  ['off', 'off'],
  ['on', 'on'],
  ['only', 'only'],
  ['debug', 'debug'],
  ['auto', 'auto'],
]);

const KEY = 'fips140=';

/** Of a GODEBUG text (`a=1,fips140=on`). Null if it says nothing of it. */
export function fips140SettingOf(godebug: string): Fips140Setting | null {
  const item = fips140ItemOf(godebug);
  return item === undefined ? null : (WORDS.get(item.slice(KEY.length)) ?? 'invalid');
}

/** `fips140=on` of a GODEBUG text; the last one counts (internal/godebug). */
export function fips140ItemOf(godebug: string): string | undefined {
  const items = godebug.split(',').filter((item) => item.startsWith(KEY));
  return items[items.length - 1];
}
