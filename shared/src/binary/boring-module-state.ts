import type { ModuleState } from './module-conclusion.js';
import type { ModuleFacts } from './module-facts.js';
import { KNOWN_BORING_MODULES } from './module/known-boring-modules.js';
import type { LocatedModule } from './module/locate-boring-module.js';

/** A module whose hash and length a publisher put on record, as in a manifest. */
export interface DeclaredModule {
  /** Hex. */
  readonly hash: string;
  readonly length: number;
  readonly by: string;
}

/** Which BoringCrypto a program has that calls for one: by the bytes of the module alone. */
export function boringModuleState(facts: ModuleFacts, declared: readonly DeclaredModule[]): ModuleState {
  return mixed(facts) ?? locatedState(facts.boring, declared);
}

/** Go links one or the other; a program with both was put together by somebody else. */
function mixed({ signatures, names, boring }: ModuleFacts): ModuleState | undefined {
  const standard = signatures.includes('standardCrypto') || names.standardCrypto;
  const linked = signatures.includes('boringCrypto') || names.boringCrypto;
  if (!standard || (!linked && boring.state !== 'found')) return undefined;
  return { state: 'corrupt', reason: "both BoringCrypto and Go's standard cryptography are linked" };
}

function locatedState(located: LocatedModule, declared: readonly DeclaredModule[]): ModuleState {
  switch (located.state) {
    case 'found': {
      const { hash, length } = located;
      const known = KNOWN_BORING_MODULES.find((module) => module.hash === hash && module.length === length);
      if (known !== undefined) {
        const { name, version, certificates, provenance } = known;
        return { state: 'known', name, version, certificates, by: 'bytes', provenance };
      }
      const by = declared.find((module) => module.hash === hash && module.length === length)?.by;
      return by === undefined ? { state: 'unknown-build', hash, length } : { state: 'declared', by, hash, length };
    }
    case 'corrupt':
      return { state: 'corrupt', reason: located.reason };
    case 'not-found':
      return { state: 'corrupt', reason: 'its packages are linked, and no module that is whole was found' };
    case 'undetermined':
      return { state: 'undetermined', reason: located.reason };
  }
}
