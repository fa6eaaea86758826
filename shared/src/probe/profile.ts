import type { ProtocolVersion } from './protocol-version.js';

/** `deprecated` and `conditional` pass with a warning; what no rule names is refused. */
export type Standing = 'approved' | 'deprecated' | 'conditional';

/** Some items, how they stand, and the document that says so. */
export interface ProfileRule {
  readonly items: readonly string[];
  readonly standing: Standing;
  readonly source: string;
}

export interface RuleSet {
  readonly rules: readonly ProfileRule[];
  /** Says why everything else is refused. */
  readonly otherwise: string;
}

/** The sizes that pass, in bits. */
export type Sizes = { readonly min: number } | { readonly exactly: readonly number[] };

export interface KeyRule {
  readonly keyType: string;
  /** RSA. */
  readonly bits?: Sizes;
  /** EC. */
  readonly curves?: readonly string[];
  readonly standing: Standing;
  readonly source: string;
}

export interface Requirement<Name extends string> {
  readonly name: Name;
  /** What its source says: without a `should` there is only a warning. */
  readonly force: 'shall' | 'should';
  readonly source: string;
}

/** What is asked for where TLS 1.2 or older is served. */
export type Trait = 'extended-master-secret' | 'secure-renegotiation' | 'no-compression';

/** What a TLS service may accept: data, judged by `judgeObservation`. */
export interface TlsProfile {
  readonly name: string;
  readonly title: string;
  readonly versions: RuleSet;
  readonly requiredVersions: readonly Requirement<ProtocolVersion>[];
  readonly suites: RuleSet;
  readonly groups: RuleSet;
  /** The prime of finite-field Diffie-Hellman before TLS 1.3. */
  readonly primes: { readonly bits: Sizes; readonly source: string };
  readonly signatureSchemes: RuleSet;
  readonly keys: { readonly rules: readonly KeyRule[]; readonly otherwise: string };
  readonly certificateSignatures: RuleSet;
  readonly traits: readonly Requirement<Trait>[];
}
