import type { JudgedFinding } from '../appraisal/evaluate.js';
import type { Verdict } from '../appraisal/verdict.js';
import type { ModuleParagraph } from '../cmvp/module-paragraph.js';
import type { Digest } from '../hashing/digest.js';
import type { Timestamp } from '../runtime/timestamp.js';
import type { EvidenceKind, Role } from '../subject/component.js';
import type { AgentSelf } from '../statement/agent-self.js';
import type { Accounting, Head } from '../statement/report.js';
import type { Mode } from '../trust/inception.js';
import type { ChangeWindow, HostWindow } from './change-window.js';
import type { ModuleSummary } from './module-summary.js';
import type { PlatformSummary } from './platform-summary.js';

/** The answer of `check fips` and of `sealwatch-agent verify`: schema sealwatch/check/v1, additive only. */
export interface CheckResult {
  readonly schema: 'sealwatch/check/v1';
  readonly checkedAt: Timestamp;
  readonly verdict: Verdict;
  readonly cluster: {
    readonly id: string;
    readonly name: string;
    readonly mode: Mode;
    readonly adopted: { readonly reason: string } | null;
  };
  /** Null where there is no release: a host verified offline against a manifest alone. */
  readonly release: { readonly version: number; readonly digest: Digest } | null;
  readonly manifests: readonly ManifestSummary[];
  /** Left out unless manifests in force list a component differently. */
  readonly changeWindow?: ChangeWindow;
  readonly demonstration: boolean;
  /** True if the hosts were not asked and the last signed evidence was judged. */
  readonly cached: boolean;
  /** Findings about the cluster as a whole. */
  readonly findings: readonly JudgedFinding[];
  /** The hosts to print: all declared ones, or those asked for. */
  readonly hosts: readonly HostResult[];
  readonly coverage: Coverage;
  /** What is known of the certificates of the modules in use; left out without a release. */
  readonly certificates?: ModuleParagraph;
}

/** In force when it was judged. */
export interface ManifestSummary {
  readonly id: string;
  readonly digest: Digest;
  readonly notAfter: Timestamp;
  /** When the release ends that; null if it does not. Left out by older collectors. */
  readonly until?: Timestamp | null;
}

export interface Coverage {
  readonly declared: number;
  /** Hosts with fresh evidence for this check (with `cached`: fresh by staleness). */
  readonly answered: number;
  /** Declared hosts that are not compliant, by name, also those not printed. */
  readonly failing: readonly { readonly name: string; readonly verdict: Verdict }[];
  readonly undeclared: readonly string[];
  readonly removed: readonly { readonly name: string; readonly removedAt: Timestamp }[];
  /** Kinds of evidence nobody looked at, for the closing lines. */
  readonly notMeasured: readonly EvidenceKind[];
}

export interface HostResult {
  readonly name: string;
  readonly role: Role;
  readonly verdict: Verdict;
  /** Whether the evidence is fresh: an answer to this check's nonce, or within staleness if cached. */
  readonly answered: boolean;
  /** When the host signed what is judged here; null if never. */
  readonly evidenceAt: Timestamp | null;
  readonly head: Head | null;
  readonly subjects: readonly SubjectResult[];
  /** Findings about the host itself, not one subject. */
  readonly findings: readonly JudgedFinding[];
  readonly agentVersion: string | null;
  readonly accounting: Accounting | null;
  /** What the agent said of itself. */
  readonly self?: AgentSelf;
  /** Left out unless manifests in force list a component differently of which the host has something. */
  readonly changeWindow?: HostWindow;
  /** Changes that the judged report sums up, because the host had no room for a report of each. */
  readonly folded?: { readonly changes: number; readonly since: Timestamp };
}

export type SubjectStatus = 'ok' | 'fail' | 'warn' | 'unknown' | 'not-checked';

/** One line of the report, with what stands indented under it. */
export interface SubjectResult {
  /** `subjectId`, or `component:NAME` or `service:NAME` for what was not checked. */
  readonly id: string;
  readonly kind: EvidenceKind;
  /** What the line begins with: `/usr/bin/kubeadm [file]`, `kube-apiserver [image]`, `fips_enabled`. Not yet escaped. */
  readonly label: string;
  /** What the line says: `Signature Validated`, `Signature Invalid`, `Missing`. */
  readonly statement: string;
  readonly status: SubjectStatus;
  readonly observed: string | null;
  readonly findings: readonly JudgedFinding[];
  /** Facts worth a line that are no findings: an image that was repackaged, versions that lie unused. */
  readonly notes?: readonly string[];
  /** Manifests of the release that list what was found: those in force, else others. Left out if there are none. */
  readonly manifests?: readonly MatchedManifest[];
  /** Of a service that was probed. */
  readonly service?: ServiceFacts;
  /** Of the programs examined for their cryptographic module. */
  readonly module?: readonly ModuleSummary[];
  /** Of the host's platform, where it was measured. */
  readonly platform?: PlatformSummary;
}

/** A manifest that lists what was found of a subject; only one `in-force` makes that right. */
export interface MatchedManifest {
  readonly id: string;
  readonly digest: Digest;
  readonly state: 'to-come' | 'in-force' | 'ended';
  readonly from: Timestamp;
  /** Null: in force, and the release sets no end. */
  readonly until: Timestamp | null;
}

/** What a TLS service was seen to accept; the lists are empty where it served nothing. */
export interface ServiceFacts {
  /** `localhost:6443` */
  readonly address: string;
  /** Its choice in the newest version, and whose preference that was. */
  readonly preferred: { readonly version: string; readonly suite: string; readonly preference: string } | null;
  /** How the preferred suite was found out. */
  readonly method: string | null;
  /** IANA names of all versions, each once, the server's order of the newest first. */
  readonly supported: readonly string[];
  readonly versions: readonly { readonly version: string; readonly suites: readonly string[] }[];
  readonly groups: readonly string[];
  readonly signatureSchemes: readonly string[];
  readonly certificates: readonly { readonly fingerprint: Digest; readonly notAfter: Timestamp | null }[];
  /** Whose the socket is. */
  readonly programs: readonly { readonly executable: string; readonly digest: Digest | null }[];
}
