import { join } from 'node:path';

/**
 * The files of one cluster on the operator's machine: `cluster.yaml` and `.sealwatch/` beside it. Directories 0700, all
 * private files 0600. `collector` is the state directory that the collector is started with: it never sees `clusterKey`.
 */
export interface OperatorDirectory {
  readonly root: string;
  readonly clusterYaml: string;
  /** `.sealwatch` */
  readonly state: string;
  /** PKCS#8, P-256: the root of all trust. No program that listens reads it. */
  readonly clusterKey: string;
  readonly rootCertificate: string;
  readonly inception: string;
  readonly operators: string;
  readonly bundles: string;
  readonly releases: string;
  readonly collector: CollectorStateDirectory;
}

/** What provisioning puts into the collector's state directory; its database comes to stand beside it. */
export interface CollectorStateDirectory {
  readonly path: string;
  readonly keys: string;
  readonly issuingKey: string;
  readonly issuingCertificate: string;
  readonly tlsKey: string;
  /** Leaf first, then the issuing CA. */
  readonly tlsChain: string;
  readonly checkpointKey: string;
  readonly trust: string;
  readonly rootCertificate: string;
  readonly inception: string;
  /** Hashes of the tokens in the bundles. */
  readonly tokens: string;
  /** Every certificate made outside the collector. */
  readonly certificates: string;
  readonly settings: string;
  /** There while the collector runs. */
  readonly ready: string;
}

export function operatorDirectory(root: string): OperatorDirectory {
  const state = join(root, '.sealwatch');
  return {
    root,
    clusterYaml: join(root, 'cluster.yaml'),
    state,
    clusterKey: join(state, 'cluster.key'),
    rootCertificate: join(state, 'root.pem'),
    inception: join(state, 'inception.dsse.json'),
    operators: join(state, 'operator'),
    bundles: join(state, 'bundles'),
    releases: join(state, 'releases'),
    collector: collectorStateDirectory(join(state, 'collector')),
  };
}

export function collectorStateDirectory(path: string): CollectorStateDirectory {
  const keys = join(path, 'keys');
  const trust = join(path, 'trust');
  return {
    path,
    keys,
    issuingKey: join(keys, 'issuing-ca.key'),
    issuingCertificate: join(keys, 'issuing-ca.pem'),
    tlsKey: join(keys, 'tls.key'),
    tlsChain: join(keys, 'tls.pem'),
    checkpointKey: join(keys, 'checkpoint.key'),
    trust,
    rootCertificate: join(trust, 'root.pem'),
    inception: join(trust, 'inception.dsse.json'),
    tokens: join(path, 'tokens.json'),
    certificates: join(path, 'certificates.json'),
    settings: join(path, 'collector.yaml'),
    ready: join(path, 'ready.json'),
  };
}

/** The leaf first, then the issuing CA: what an operator shows the collector. */
export function operatorChain({ operators }: OperatorDirectory, name: string): string {
  return join(operators, `${name}.pem`);
}

export function operatorKey({ operators }: OperatorDirectory, name: string): string {
  return join(operators, `${name}.key`);
}

export function bundleFile({ bundles }: OperatorDirectory, host: string): string {
  return join(bundles, `${host}.json`);
}

/** `releases/00007.dsse.json` */
export function releaseFile({ releases }: OperatorDirectory, version: number): string {
  return join(releases, `${String(version).padStart(5, '0')}.dsse.json`);
}
