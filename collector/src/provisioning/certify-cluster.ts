import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { COLLECTOR_DNS_NAME, type Identity, identityUri } from '@sealwatch/shared/trust/identity.js';
import { issueCertificate } from '@sealwatch/shared/x509/issue-certificate.js';
import type { Certificate } from '@sealwatch/shared/x509/read-certificate.js';
import { verifyChain } from '@sealwatch/shared/x509/verify-chain.js';
import type { KeyObject } from 'node:crypto';
import { operatorChain, operatorKey } from '../config/operator-directory.js';
import { ensureCertificate } from './ensure-certificate.js';
import { ensureKey } from './ensure-key.js';
import { recordIssuedCertificate } from './issued-certificates.js';
import { BACKDATING_MS, DAY_MS, type Provisioning, YEAR_MS } from './provisioning.js';

interface Authority {
  readonly key: KeyObject;
  readonly certificate: Certificate;
}

interface IssuingAuthority extends Authority {
  readonly root: Certificate;
}

/** A year's certificate is renewed in its last two months, whenever `provision` runs. */
const LEAF_MS = YEAR_MS;
const LEAF_RENEWAL_MS = 60 * DAY_MS;

/** The issuing CA must outlive what it issues. */
const ISSUING_MS = 5 * YEAR_MS;
const ISSUING_RENEWAL_MS = LEAF_MS + LEAF_RENEWAL_MS;

/** The collector's own name among its cluster's identities; there is one collector. */
const COLLECTOR_NAME = 'collector';

/** The issuing CA, and under it the collector's and every operator's key and certificate. @throws CodedError as its parts do */
export async function certifyCluster(
  provisioning: Provisioning,
  root: Authority & { readonly clusterId: string },
): Promise<void> {
  const { directory, config } = provisioning;
  const { collector } = directory;
  const issuing = await ensureIssuing(provisioning, root);
  await ensureLeaf(provisioning, issuing, {
    identity: { clusterId: root.clusterId, kind: 'collector', name: COLLECTOR_NAME },
    who: 'the collector',
    keyFile: collector.tlsKey,
    file: collector.tlsChain,
  });
  await ensureKey(provisioning, { file: collector.checkpointKey, what: "the collector's signing key", witnesses: [] });
  for (const { name, role } of config.operators) {
    await ensureLeaf(provisioning, issuing, {
      identity: { clusterId: root.clusterId, kind: 'operator', name },
      who: `operator ${name} (${role})`,
      keyFile: operatorKey(directory, name),
      file: operatorChain(directory, name),
    });
  }
}

async function ensureIssuing(provisioning: Provisioning, root: Authority): Promise<IssuingAuthority> {
  const { directory, config, now } = provisioning;
  const { issuingKey, issuingCertificate } = directory.collector;
  const what = "issuing CA: certifies hosts, operators and the collector; it goes to the collector's machine";
  const key = await ensureKey(provisioning, { file: issuingKey, what, witnesses: [issuingCertificate] });
  const certificate = await ensureCertificate(provisioning, {
    file: issuingCertificate,
    what: "the issuing CA's certificate",
    key,
    issuers: [],
    renewalMs: ISSUING_RENEWAL_MS,
    verify: ({ der }) => {
      verifyChain({ chain: [der], root: root.certificate, at: now, profile: 'issuing-ca' });
    },
    issue: () =>
      issueCertificate({
        profile: 'issuing-ca',
        commonName: `${config.name} issuing CA`,
        publicKey: publicKeyOf(key).key,
        notBefore: new Date(now - BACKDATING_MS),
        notAfter: new Date(Math.min(now + ISSUING_MS, root.certificate.notAfter)),
        issuer: { certificate: root.certificate.der, key: root.key },
      }),
  });
  return { key, certificate, root: root.certificate };
}

async function ensureLeaf(
  provisioning: Provisioning,
  issuing: IssuingAuthority,
  leaf: {
    identity: Identity & { readonly kind: 'collector' | 'operator' };
    who: string;
    keyFile: string;
    file: string;
  },
): Promise<void> {
  const { directory, now } = provisioning;
  const { identity, who, keyFile, file } = leaf;
  const { kind, name } = identity;
  const purpose = `${kind}-tls` as const;
  const key = await ensureKey(provisioning, { file: keyFile, what: `TLS key of ${who}`, witnesses: [file] });
  await ensureCertificate(provisioning, {
    file,
    what: `certificate of ${who}`,
    key,
    issuers: [issuing.certificate.der],
    renewalMs: LEAF_RENEWAL_MS,
    verify: ({ der }) => {
      verifyChain({ chain: [der, issuing.certificate.der], root: issuing.root, at: now, profile: purpose });
    },
    issue: () =>
      issueCertificate({
        profile: purpose,
        commonName: kind === 'collector' ? COLLECTOR_DNS_NAME : name,
        publicKey: publicKeyOf(key).key,
        notBefore: new Date(now - BACKDATING_MS),
        notAfter: new Date(Math.min(now + LEAF_MS, issuing.certificate.notAfter)),
        uri: identityUri(identity),
        ...(kind === 'collector' ? { dnsNames: [COLLECTOR_DNS_NAME] } : {}),
        issuer: { certificate: issuing.certificate.der, key: issuing.key },
      }),
    record: (certificate) => recordIssuedCertificate(directory.collector.certificates, { certificate, purpose, name }),
  });
}
