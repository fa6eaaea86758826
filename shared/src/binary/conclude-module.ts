import { type BoringEvidence, boringEvidence } from './boring-evidence.js';
import { boringModuleState, type DeclaredModule } from './boring-module-state.js';
import { type Fips140Setting, fips140SettingOf } from './go/fips140-setting.js';
import type { ApprovedMode, Backend, Integrity, ModuleConclusion, ModuleState } from './module-conclusion.js';
import type { ModuleFacts } from './module-facts.js';
import { nativeModuleState } from './native-module-state.js';

export interface ConclusionContext {
  readonly declared?: readonly DeclaredModule[];
  /** GODEBUG of the process, if there is one and it has it: it overrules the binary's default. */
  readonly godebug?: string;
}

/** Draws the conclusion; pure. What can't be told is said to be so, and never taken for good. */
export function concludeModule(facts: ModuleFacts, context: ConclusionContext = {}): ModuleConclusion {
  const boring = boringEvidence(facts);
  const setting = fips140Of(facts, context);
  const backend = backendOf(facts, setting.fips140, boring);
  const module = moduleOf(backend, facts, boring, context);
  return {
    backend,
    integrity: integrityOf(module),
    module,
    approvedMode: modeOf(backend, facts, setting),
    tlsRestricted: tlsRestricted(backend, facts, setting.fips140),
    claims: [...boring.claims, ...nativeClaims(facts)],
  };
}

function integrityOf(module: ModuleState): Integrity {
  switch (module.state) {
    case 'known':
    case 'declared':
    case 'unknown-build':
      return 'whole';
    case 'corrupt':
      return 'corrupt';
    case 'undetermined':
    case 'elsewhere':
      return 'not-known';
    case 'absent-although-claimed':
    case 'none':
      return 'no-module';
  }
}

function nativeClaims({ go }: ModuleFacts): string[] {
  const version = go?.module.settings['GOFIPS140'];
  const fips140 = fips140SettingOf(go?.module.settings['DefaultGODEBUG'] ?? '');
  return [
    ...(version === undefined ? [] : [`GOFIPS140=${version}`]),
    ...(fips140 === null ? [] : [`DefaultGODEBUG fips140=${fips140}`]),
  ];
}

interface Fips140 {
  readonly fips140: Fips140Setting | null;
  readonly from: 'binary' | 'environment';
}

function fips140Of({ go }: ModuleFacts, { godebug }: ConclusionContext): Fips140 {
  const set = godebug === undefined ? null : fips140SettingOf(godebug);
  if (set !== null) return { fips140: set, from: 'environment' };
  const fallback = fips140SettingOf(go?.module.settings['DefaultGODEBUG'] ?? '');
  return { fips140: fallback, from: 'binary' };
}

function isOn(setting: Fips140Setting | null): boolean {
  return setting === 'on' || setting === 'only' || setting === 'debug';
}

function backendOf(facts: ModuleFacts, fips140: Fips140Setting | null, boring: BoringEvidence): Backend {
  const { names, signatures, go, native, elf } = facts;
  const standardOnly = !boring.linked && (signatures.includes('standardCrypto') || names.standardCrypto);
  if (facts.boring.state === 'found' || boring.linked) return 'boringcrypto';
  if (facts.boring.state === 'corrupt') return 'boringcrypto';
  if (names.openssl) return 'openssl-system';
  // a version that claims BoringCrypto can't use the native module: the toolchain takes one or the other
  if (isOn(fips140) && boring.claims.length === 0) return 'go-native';
  if (fips140 === 'auto') return 'go-native-host';
  if (go !== null || standardOnly || native.state !== 'absent') return 'standard';
  return elf.needed.some((name) => /^libcrypto\.so/.test(name)) ? 'openssl-system' : 'not-known';
}

function moduleOf(
  backend: Backend,
  facts: ModuleFacts,
  boring: BoringEvidence,
  { declared = [] }: ConclusionContext,
): ModuleState {
  switch (backend) {
    case 'boringcrypto':
      return boringModuleState(facts, declared);
    case 'go-native':
    case 'go-native-host':
      return nativeModuleState(facts);
    case 'openssl-system':
      return { state: 'elsewhere' };
    case 'standard':
    case 'not-known':
      return withoutModule(facts, boring);
  }
}

function withoutModule({ boring }: ModuleFacts, { claims }: BoringEvidence): ModuleState {
  if (claims.length === 0) return { state: 'none' };
  if (boring.state === 'undetermined') return { state: 'undetermined', reason: boring.reason };
  return { state: 'absent-although-claimed' };
}

function modeOf(backend: Backend, { go }: ModuleFacts, { fips140, from }: Fips140): ApprovedMode {
  switch (backend) {
    case 'boringcrypto':
      return { state: 'always' };
    case 'openssl-system':
    case 'not-known':
      return { state: 'not-known' };
    case 'go-native':
    case 'go-native-host':
    case 'standard':
      if (fips140 !== null) return { state: 'setting', fips140, from };
      // its default stands in the build info
      return go === null ? { state: 'not-known' } : { state: 'none' };
  }
}

function tlsRestricted(backend: Backend, facts: ModuleFacts, fips140: Fips140Setting | null): 'yes' | 'no' | 'unknown' {
  switch (backend) {
    case 'boringcrypto':
      if (facts.signatures.includes('fipsOnly') || facts.names.fipsOnly) return 'yes';
      return facts.elf.machine === 'amd64' || facts.names.known ? 'no' : 'unknown';
    case 'go-native':
      return isOn(fips140) ? 'yes' : 'no';
    case 'standard':
      return 'no';
    case 'go-native-host':
    case 'openssl-system':
    case 'not-known':
      return 'unknown';
  }
}
