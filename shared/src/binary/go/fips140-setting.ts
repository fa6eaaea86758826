/** Whether Go's native module checks itself and is used (crypto/internal/fips140/check): Go's own words, `auto` is Red Hat's. */
export type Fips140Setting = 'off' | 'on' | 'only' | 'debug' | 'auto' | 'invalid';

const WORDS: Readonly<Record<string, Fips140Setting>> = {
  '': 'off',
  off: 'off',
  on: 'on',
  only: 'only',
  debug: 'debug',
  auto: 'auto',
};

/** Of a GODEBUG text (`a=1,fips140=on`); the last one counts (internal/godebug). Null if it says nothing of it. */
export function fips140SettingOf(godebug: string): Fips140Setting | null {
  const values = godebug.split(',').flatMap((item) => (item.startsWith('fips140=') ? [item.slice(8)] : []));
  const last = values[values.length - 1];
  return last === undefined ? null : (WORDS[last] ?? 'invalid');
}
