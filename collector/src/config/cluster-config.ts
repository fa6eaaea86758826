import type { LogLevel } from '@sealwatch/shared/runtime/log.js';
import type { Timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Mode } from '@sealwatch/shared/trust/inception.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import type { DeclaredHost, DeclaredOperator, PublisherKey } from '@sealwatch/shared/trust/release.js';

/** The operator's intent as `cluster.yaml` states it, wholly checked. Paths are absolute. */
export interface ClusterConfig {
  readonly name: string;
  readonly mode: Mode;
  /** Why a cluster that ran before Sealwatch came is vouched for; null for one that is born with it. */
  readonly adopt: { readonly reason: string } | null;
  readonly collector: CollectorAddresses;
  readonly policy: Policy;
  readonly hosts: readonly DeclaredHost[];
  readonly operators: readonly DeclaredOperator[];
  readonly manifests: readonly ManifestFile[];
  readonly publisherKeys: readonly PublisherKeyFile[];
  /** A file with a list of certificates; null: the one that comes with Sealwatch. */
  readonly cmvp: string | null;
}

/** Every address is `host:port`. */
export interface CollectorAddresses {
  /** What agents and operators dial. */
  readonly address: string;
  /** What an agent dials once, to enrol. */
  readonly enrollAddress: string;
  readonly listen: string;
  readonly enrollListen: string;
  readonly logLevel: LogLevel;
}

export interface ManifestFile {
  readonly file: string;
  /** Null: from the first release that names it. */
  readonly from: Timestamp | null;
  /** Null: until it is taken out. */
  readonly until: Timestamp | null;
}

export interface PublisherKeyFile {
  readonly file: string;
  readonly revoked: PublisherKey['revoked'];
}
