import { createPrivateKey, type KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { DEFAULT_POLICY } from '@sealwatch/collector/config/cluster-defaults.js';
import { collectorStateDirectory } from '@sealwatch/collector/config/operator-directory.js';
import { certificateRecord } from '@sealwatch/collector/enrollment/issue-host-certificates.js';
import { type Envelope, PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { envelopeToJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { BUILT_IN_SNAPSHOT } from '@sealwatch/shared/cmvp/built-in-snapshot.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { COLLECTOR_DNS_NAME, identityUri } from '@sealwatch/shared/trust/identity.js';
import type { Inception } from '@sealwatch/shared/trust/inception.js';
import type { Release } from '@sealwatch/shared/trust/release.js';
import { issueCertificate } from '@sealwatch/shared/x509/issue-certificate.js';
import { certificatePem } from '@sealwatch/shared/x509/pem.js';

/** What one shows in a TLS handshake, PEM. */
export interface TestIdentity {
  readonly key: string;
  /** Leaf first, then the issuing CA. */
  readonly chain: string;
}

interface LeafSpec {
  readonly profile: Parameters<typeof issueCertificate>[0]['profile'];
  readonly name: string;
  readonly uri: string;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly key?: KeyObject;
}

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** A cluster's root and issuing CA with real keys. Each way in which a certificate can be wrong has a name. */
export class TestAuthority {
  readonly clusterId: string;
  readonly rootDer: Buffer;
  readonly rootKeyid: string;
  readonly #wall: number;
  readonly #rootKey = generateP256().privateKey;
  readonly #issuingKey = generateP256().privateKey;
  readonly #issuingDer: Buffer;
  /** What `provision` would write into certificates.json. */
  readonly #recorded: ReturnType<typeof certificateRecord>[] = [];

  constructor(options: { wall?: number; clusterId?: string } = {}) {
    this.#wall = options.wall ?? Date.now();
    this.clusterId = options.clusterId ?? 'c1'.repeat(16);
    this.rootKeyid = publicKeyOf(this.#rootKey).keyid;
    const validity = { notBefore: new Date(this.#wall - HOUR_MS), notAfter: new Date(this.#wall + 10 * YEAR_MS) };
    this.rootDer = issueCertificate({
      ...validity,
      profile: 'root',
      commonName: 'test root',
      publicKey: publicKeyOf(this.#rootKey).key,
      issuer: { selfSigned: this.#rootKey },
    });
    this.#issuingDer = issueCertificate({
      ...validity,
      profile: 'issuing-ca',
      commonName: 'test issuing CA',
      publicKey: publicKeyOf(this.#issuingKey).key,
      issuer: { certificate: this.rootDer, key: this.#rootKey },
    });
  }

  get rootPem(): string {
    return certificatePem(this.rootDer);
  }

  /** Recorded as issued, as every operator's certificate is. */
  operator(name: string): TestIdentity {
    return this.#leaf({ profile: 'operator-tls', name, uri: this.#uri('operator', name) }, 'operator-tls');
  }

  /** Genuine in every respect, but in no collector's record. */
  unrecordedHost(name: string): TestIdentity {
    return this.#leaf({ profile: 'host-tls', name, uri: this.#uri('host', name) });
  }

  expiredOperator(name: string): TestIdentity {
    const notAfter = this.#wall - 60_000;
    return this.#leaf({ profile: 'operator-tls', name, uri: this.#uri('operator', name), notAfter }, 'operator-tls');
  }

  /** A host's signing certificate, which has no business in TLS. */
  signingCertificate(name: string): TestIdentity {
    return this.#leaf({ profile: 'host-signing', name, uri: this.#uri('host', name) });
  }

  /** Under our root, for a cluster with another id. */
  operatorOfOtherCluster(name: string): TestIdentity {
    const uri = identityUri({ clusterId: 'd2'.repeat(16), kind: 'operator', name });
    return this.#leaf({ profile: 'operator-tls', name, uri }, 'operator-tls');
  }

  /** A key that was given to one operator, certified for another name behind the collector's back. */
  renamed({ key }: TestIdentity, name: string): TestIdentity {
    const uri = this.#uri('operator', name);
    return this.#leaf({ profile: 'operator-tls', name, uri, key: createPrivateKey(key) });
  }

  collector(validity: { notBefore?: number; notAfter?: number } = {}): TestIdentity {
    const uri = this.#uri('collector', 'collector');
    return this.#leaf({ profile: 'collector-tls', name: 'collector', uri, ...validity }, 'collector-tls');
  }

  /** A server's certificate under our root, with the collector's DNS name, that names another cluster. */
  collectorOfOtherCluster(): TestIdentity {
    const uri = identityUri({ clusterId: 'd2'.repeat(16), kind: 'collector', name: 'collector' });
    return this.#leaf({ profile: 'collector-tls', name: 'collector', uri });
  }

  /** The same, naming a host of ours. */
  hostAsCollector(): TestIdentity {
    return this.#leaf({ profile: 'collector-tls', name: 'host-a', uri: this.#uri('host', 'host-a') });
  }

  async inception(): Promise<Envelope> {
    const inception: Inception = {
      schema: 'sealwatch/inception/v1',
      clusterId: this.clusterId,
      clusterName: 'test',
      mode: 'fips',
      createdAt: timestamp(this.#wall - HOUR_MS),
      clusterKey: this.rootKeyid,
      adopted: null,
    };
    return signEnvelope(PAYLOAD_TYPES.inception, inception, keySigner(this.#rootKey));
  }

  async release(
    inception: Envelope,
    changes: Partial<Release> & Pick<Release, 'version' | 'hosts' | 'operators'>,
  ): Promise<Envelope> {
    const release: Release = {
      schema: 'sealwatch/release/v1',
      clusterId: this.clusterId,
      inception: sha256(inception.payload),
      issuedAt: timestamp(this.#wall),
      policy: DEFAULT_POLICY,
      removedHosts: [],
      publisherKeys: [],
      manifests: [],
      cmvp: BUILT_IN_SNAPSHOT,
      ...changes,
    };
    return signEnvelope(PAYLOAD_TYPES.release, release, keySigner(this.#rootKey));
  }

  /** A collector's state directory as `provision` leaves it. Certificates made later are unknown to that collector. */
  provision(
    path: string,
    { inception, collector = this.collector() }: { inception: Envelope; collector?: TestIdentity },
  ): void {
    const directory = collectorStateDirectory(path);
    for (const each of [directory.path, directory.keys, directory.trust])
      mkdirSync(each, { mode: 0o700, recursive: true });
    const certificates = this.#recorded.map((record) => ({ ...record, der: record.der.toString('base64') }));
    for (const [file, content] of [
      [directory.issuingKey, pkcs8(this.#issuingKey)],
      [directory.issuingCertificate, certificatePem(this.#issuingDer)],
      [directory.tlsKey, collector.key],
      [directory.tlsChain, collector.chain],
      [directory.rootCertificate, this.rootPem],
      [directory.inception, envelopeToJson(inception)],
      [directory.certificates, JSON.stringify(certificates)],
    ] as const) {
      writeFileSync(file, content, { mode: 0o600 });
    }
  }

  #uri(kind: 'host' | 'operator' | 'collector', name: string): string {
    return identityUri({ clusterId: this.clusterId, kind, name });
  }

  #leaf(spec: LeafSpec, recordAs?: 'operator-tls' | 'collector-tls'): TestIdentity {
    const privateKey = spec.key ?? generateP256().privateKey;
    const { profile, name, uri, notAfter = this.#wall + YEAR_MS, notBefore = this.#wall - HOUR_MS } = spec;
    const der = issueCertificate({
      profile,
      commonName: name,
      publicKey: publicKeyOf(privateKey).key,
      notBefore: new Date(notBefore),
      notAfter: new Date(notAfter),
      uri,
      ...(profile === 'collector-tls' ? { dnsNames: [COLLECTOR_DNS_NAME] } : {}),
      issuer: { certificate: this.#issuingDer, key: this.#issuingKey },
    });
    if (recordAs !== undefined) this.#recorded.push(certificateRecord(der, { purpose: recordAs, name }));
    return { key: pkcs8(privateKey), chain: certificatePem(der) + certificatePem(this.#issuingDer) };
  }
}

function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
