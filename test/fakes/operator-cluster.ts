import type { KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { COLLECTOR_DNS_NAME, identityUri, type IdentityKind } from '@sealwatch/shared/trust/identity.js';
import type { CertificateProfile } from '@sealwatch/shared/x509/certificate-profile.js';
import { issueCertificate } from '@sealwatch/shared/x509/issue-certificate.js';
import { certificatePem } from '@sealwatch/shared/x509/pem.js';

export interface PemIdentity {
  readonly key: string;
  /** Leaf first. */
  readonly chain: string;
}

/** A cluster as an operator holds it, with real keys and certificates in a real directory, and its collector's identity. */
export interface OperatorCluster {
  readonly directory: string;
  readonly root: string;
  readonly clusterId: string;
  readonly collector: PemIdentity;
  /** Makes an operator's key and certificate in the directory. */
  addOperator(name: string): void;
}

export function operatorCluster(options: { address: string; clusterId?: string }): OperatorCluster {
  const clusterId = options.clusterId ?? '0123456789abcdef0123456789abcdef';
  const [notBefore, notAfter] = [new Date(Date.now() - 60_000), new Date(Date.now() + 3_600_000)];
  const rootKey = generateP256();
  const issuingKey = generateP256();
  const rootDer = issueCertificate({
    profile: 'root',
    commonName: 'test root',
    publicKey: rootKey.publicKey,
    notBefore,
    notAfter,
    issuer: { selfSigned: rootKey.privateKey },
  });
  const issuingDer = issueCertificate({
    profile: 'issuing-ca',
    commonName: 'test issuing CA',
    publicKey: issuingKey.publicKey,
    notBefore,
    notAfter,
    issuer: { certificate: rootDer, key: rootKey.privateKey },
  });
  const identity = (kind: IdentityKind, profile: CertificateProfile, name: string): PemIdentity => {
    const { privateKey, publicKey } = generateP256();
    const leaf = issueCertificate({
      profile,
      commonName: name,
      publicKey,
      notBefore,
      notAfter,
      uri: identityUri({ clusterId, kind, name }),
      ...(kind === 'collector' ? { dnsNames: [COLLECTOR_DNS_NAME] } : {}),
      issuer: { certificate: issuingDer, key: issuingKey.privateKey },
    });
    return { key: pkcs8(privateKey), chain: certificatePem(leaf) + certificatePem(issuingDer) };
  };

  const directory = mkdtempSync(join(tmpdir(), 'sealwatch-cluster-'));
  const operators = join(directory, '.sealwatch', 'operator');
  mkdirSync(operators, { recursive: true, mode: 0o700 });
  const root = certificatePem(rootDer);
  writeFileSync(join(directory, '.sealwatch', 'root.pem'), root);
  writeFileSync(join(directory, 'cluster.yaml'), clusterYaml(options.address));
  const cluster: OperatorCluster = {
    directory,
    root,
    clusterId,
    collector: identity('collector', 'collector-tls', 'main'),
    addOperator(name) {
      const { key, chain } = identity('operator', 'operator-tls', name);
      writeFileSync(join(operators, `${name}.key`), key, { mode: 0o600 });
      writeFileSync(join(operators, `${name}.pem`), chain);
    },
  };
  cluster.addOperator('admin');
  return cluster;
}

function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function clusterYaml(address: string): string {
  return `name: north
mode: fips
collector:
  address: "${address}"
  enrollAddress: "collector.example.org:7444"
  listen: "127.0.0.1:7443"
  enrollListen: "127.0.0.1:7444"
hosts:
  - name: 172.17.0.7
    role: control-plane
`;
}
