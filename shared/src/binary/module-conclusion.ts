import type { Fips140Setting } from './go/fips140-setting.js';

/**
 * What the facts of one binary come to. Facts kept apart, none standing for another: which module serves it, whether the
 * module's bytes are whole, which module that is, and whether its approved mode is on. That a certificate is in force on a
 * date, and that machine and system are ones it covers, is nowhere concluded from a binary.
 */
export interface ModuleConclusion {
  readonly backend: Backend;
  readonly integrity: Integrity;
  readonly module: ModuleState;
  readonly approvedMode: ApprovedMode;
  /** Whether the program's own TLS takes FIPS settings only. Not whether a service does: that is for a probe to say. */
  readonly tlsRestricted: 'yes' | 'no' | 'unknown';
  /** What the binary says of itself that calls for a module. */
  readonly claims: readonly string[];
}

/**
 * `standard`: Go's own packages. `go-native-host`: the same, in its module's approved mode if the host is in FIPS mode.
 * `openssl-system`: the module, if any, is the system's library. `not-known`: no Go program, and no module found.
 */
export type Backend = 'boringcrypto' | 'go-native' | 'go-native-host' | 'openssl-system' | 'standard' | 'not-known';

/** Of the module's bytes against the value it keeps itself, whose key is public. */
export type Integrity = 'whole' | 'corrupt' | 'not-known' | 'no-module';

export type ModuleState =
  | KnownModule
  /** A publisher declared a module with this hash and length. */
  | { readonly state: 'declared'; readonly by: string; readonly hash: string; readonly length: number }
  /** Whole, by the sum it keeps, and nobody's that we know. An attacker who changes a module can make it so. */
  | { readonly state: 'unknown-build'; readonly hash: string | null; readonly length: number | null }
  | { readonly state: 'corrupt'; readonly reason: string }
  | { readonly state: 'absent-although-claimed' }
  | { readonly state: 'undetermined'; readonly reason: string }
  /** It lies in a library of the system, and was not looked at. */
  | { readonly state: 'elsewhere' }
  | { readonly state: 'none' };

export interface KnownModule {
  readonly state: 'known';
  readonly name: string;
  readonly version: string;
  /** CMVP numbers of that version, whatever their status is today. */
  readonly certificates: readonly string[];
  /** `bytes`: the module is that build. `name`: the program says so and its bytes can't be compared. */
  readonly by: 'bytes' | 'name';
  readonly provenance: string;
}

export type ApprovedMode =
  /** BoringCrypto as Go links it has no other mode. */
  | { readonly state: 'always' }
  /** Set by GODEBUG: as the binary has it, or as its process was started. */
  | { readonly state: 'setting'; readonly fips140: Fips140Setting; readonly from: 'binary' | 'environment' }
  | { readonly state: 'not-known' }
  | { readonly state: 'none' };
