import { X509Certificate } from 'node:crypto';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { AuthorityObservation, HostMeasurement } from '@sealwatch/shared/measurement/host-measurement.js';
import { isTimestamp, timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { HostAspect } from '@sealwatch/shared/subject/subject.js';
import { readSmallFile } from './read-small-file.js';
import type { StandardModeMemory } from './standard-mode-memory.js';

export type AuthorityAspect = Exclude<HostAspect, 'platform'>;

/** Where kubeadm puts them. */
export const AUTHORITY_PATHS: Readonly<Record<AuthorityAspect, string>> = {
  'kubernetes-ca': '/etc/kubernetes/pki/ca.crt',
  'etcd-ca': '/etc/kubernetes/pki/etcd/ca.crt',
};

const MAX_BYTES = 64 * 1024;

/**
 * A certificate authority of the cluster, as a witness of its age: the first certificate in the file, as kubeadm and
 * the API server read it. Absent on workers and where etcd runs elsewhere. Never throws.
 */
export async function measureAuthority(
  hostRoot: string,
  aspect: AuthorityAspect,
  memory: StandardModeMemory,
): Promise<HostMeasurement> {
  return { subject: { kind: 'host', aspect }, observed: await observe(hostRoot, AUTHORITY_PATHS[aspect], memory) };
}

async function observe(
  hostRoot: string,
  path: string,
  memory: StandardModeMemory,
): Promise<HostMeasurement['observed']> {
  const file = await readSmallFile(hostRoot, path, MAX_BYTES);
  if (file.state !== 'read') return file;
  const certificate = firstCertificate(file.bytes);
  if (certificate === undefined) return { state: 'unreadable', reason: 'no certificate' };
  try {
    return { state: 'authority', ...certificate, seenUnderStandard: await memory.witness(certificate.digest) };
  } catch {
    return { state: 'unreadable', reason: 'the memory of standard-mode authorities cannot be kept' };
  }
}

function firstCertificate(bytes: Buffer): Pick<AuthorityObservation, 'digest' | 'notBefore'> | undefined {
  try {
    const certificate = new X509Certificate(bytes);
    // validFromDate is not in Node 20; validFrom is "Nov 23 09:30:00 2026 GMT"
    const notBefore = timestamp(Date.parse(certificate.validFrom));
    return isTimestamp(notBefore) ? { digest: sha256(certificate.raw), notBefore } : undefined;
  } catch {
    return undefined;
  }
}
