import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { envelopeToJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import type { Inception } from '@sealwatch/shared/trust/inception.js';
import { openInception, type VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import { issueCertificate } from '@sealwatch/shared/x509/issue-certificate.js';
import { type KeyObject, randomBytes } from 'node:crypto';
import type { Certificate } from '@sealwatch/shared/x509/read-certificate.js';
import { type ClusterTrust, readInception, requireSameInception } from './cluster-trust.js';
import { ensureCertificate } from './ensure-certificate.js';
import { ensureKey } from './ensure-key.js';
import { fileExists } from './file-exists.js';
import { BACKDATING_MS, type Provisioning, YEAR_MS } from './provisioning.js';

/**
 * Cluster key, inception record, root certificate, in this order: a record that is missing beside a root certificate
 * was taken away, not yet to be made, and a new one could say another mode.
 * @throws CodedError('cluster.mode-fixed' | 'inception.mismatch' | 'key.invalid' | 'file.*')
 */
export async function inceptCluster(
  provisioning: Provisioning,
): Promise<ClusterTrust & { readonly root: Certificate }> {
  const { directory, config, now } = provisioning;
  const clusterKey = await ensureKey(provisioning, {
    file: directory.clusterKey,
    what: 'cluster key, the root of all trust: back it up, show it to nobody',
    witnesses: [directory.inception, directory.rootCertificate],
  });
  const inception = await ensureInception(provisioning, clusterKey);
  const root = await ensureCertificate(provisioning, {
    file: directory.rootCertificate,
    what: 'root certificate',
    key: clusterKey,
    issuers: [],
    renewalMs: 0,
    issue: () =>
      issueCertificate({
        profile: 'root',
        commonName: `${config.name} root`,
        publicKey: publicKeyOf(clusterKey).key,
        notBefore: new Date(now - BACKDATING_MS),
        notAfter: new Date(now + 10 * YEAR_MS),
        issuer: { selfSigned: clusterKey },
      }),
  });
  return { clusterKey, inception, root };
}

async function ensureInception(provisioning: Provisioning, clusterKey: KeyObject): Promise<VerifiedInception> {
  const { directory, config, now, log } = provisioning;
  const file = directory.inception;
  if (await fileExists(file)) {
    const known = await readInception(file, publicKeyOf(clusterKey));
    requireSameInception(known.inception, config);
    return known;
  }
  for (const later of [directory.rootCertificate, directory.collector.inception]) {
    if (await fileExists(later)) {
      throw new CodedError(
        'inception.mismatch',
        `${file} is missing although ${later} is there; a cluster has one inception record for ever: ` +
          'restore it from a backup',
      );
    }
  }
  const document: Inception = {
    schema: 'sealwatch/inception/v1',
    clusterId: randomBytes(16).toString('hex'),
    clusterName: config.name,
    mode: config.mode,
    createdAt: timestamp(now),
    clusterKey: publicKeyOf(clusterKey).keyid,
    adopted: config.adopt,
  };
  const envelope = await signEnvelope(PAYLOAD_TYPES.inception, document, keySigner(clusterKey));
  await writePrivateFile(file, envelopeToJson(envelope), { existing: 'create' });
  log.made.push({ file, what: `signed inception record: mode ${config.mode}, for ever` });
  return openInception(envelope, publicKeyOf(clusterKey));
}
