import type { ModuleState } from './module-conclusion.js';
import type { ModuleFacts } from './module-facts.js';
import { isFrozenVersion, knownNativeModule } from './module/known-native-modules.js';

/** Which of Go's own modules a program that uses it has: whole by the sum it keeps, known by name only. */
export function nativeModuleState({ native, go, names }: ModuleFacts): ModuleState {
  switch (native.state) {
    case 'absent':
      return { state: 'absent-although-claimed' };
    case 'malformed':
      return { state: 'corrupt', reason: native.reason };
    case 'corrupt':
      return { state: 'corrupt', reason: 'its bytes do not give the sum that the program keeps' };
    case 'consistent':
      break;
  }
  const version = go?.module.settings['GOFIPS140'];
  const unknown = { state: 'unknown-build', hash: null, length: null } as const;
  if (version === undefined || !isFrozenVersion(version)) return unknown;
  if (names.frozenVersion !== null && !sameVersion(names.frozenVersion, version)) {
    return {
      state: 'corrupt',
      reason: `built with GOFIPS140=${version}, and its functions are of ${names.frozenVersion}`,
    };
  }
  const known = knownNativeModule(version);
  if (known === undefined || names.frozenVersion === null) return unknown;
  return { state: 'known', ...known, by: 'name' };
}

/** One of them may leave out the part behind the dash. */
function sameVersion(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short === long || (!short.includes('-') && long.startsWith(`${short}-`));
}
