import { envelopeFromJson } from '@sealwatch/shared/envelope/envelope-json.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { ensurePrivateDirectory, readPrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { parsePrivateKey } from '@sealwatch/shared/signing/key-file-signer.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { openInception, type VerifiedInception } from '@sealwatch/shared/trust/open-inception.js';
import { certificatesFromPem } from '@sealwatch/shared/x509/pem.js';
import { type Certificate, readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import { verifyChain } from '@sealwatch/shared/x509/verify-chain.js';
import type { KeyObject } from 'node:crypto';
import { access } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type CollectorStateDirectory, collectorStateDirectory } from '../config/operator-directory.js';
import type { IssuingAuthority } from '../enrollment/issue-host-certificates.js';
import { readCredential } from './read-credential.js';

/** The keys and the trust that `provision` put into the state directory, verified. */
export interface CollectorState {
  readonly directory: CollectorStateDirectory;
  readonly root: Certificate;
  readonly inception: VerifiedInception;
  readonly authority: IssuingAuthority;
  readonly tls: { readonly key: KeyObject; readonly certificate: Certificate };
}

/** @throws CodedError('config.missing' | 'file.*' | 'key.invalid' | 'certificate.*' | 'envelope.*' | 'inception.mismatch') */
export async function loadCollectorState(
  stateDir: string,
  { clock, credentialsDir }: { clock: Clock; credentialsDir: string | null },
): Promise<CollectorState> {
  const directory = collectorStateDirectory(stateDir);
  await requireProvisioned(directory);
  for (const path of [directory.path, directory.keys, directory.trust]) await ensurePrivateDirectory(path);
  const root = await readLeaf(directory.rootCertificate);
  const inceptionBytes = await readPrivateFile(directory.inception);
  const inception = openInception(envelopeFromJson(inceptionBytes, directory.inception), root.publicKey);
  const issuing = await readLeaf(directory.issuingCertificate);
  verifyChain({ chain: [issuing.der], root, at: clock.wall(), profile: 'issuing-ca' });
  const tls = await readLeaf(directory.tlsChain);
  return {
    directory,
    root,
    inception,
    authority: { certificate: issuing, key: await readKeyOf(issuing, { file: directory.issuingKey, credentialsDir }) },
    tls: { certificate: tls, key: await readKeyOf(tls, { file: directory.tlsKey, credentialsDir }) },
  };
}

async function requireProvisioned({ path, trust }: CollectorStateDirectory): Promise<void> {
  try {
    await access(trust);
  } catch (error) {
    throw new CodedError(
      'config.missing',
      `${path} holds no keys and no trust; make them with: sealwatch provision, and copy .sealwatch/collector here`,
      { cause: error },
    );
  }
}

/** The first certificate of a PEM file. */
async function readLeaf(file: string): Promise<Certificate> {
  const [der] = certificatesFromPem((await readPrivateFile(file)).toString('latin1'), file);
  return readCertificate(der ?? Buffer.alloc(0), file);
}

/** What the service manager hands over goes before the file of the same name. */
async function readKeyOf(
  { publicKey }: Certificate,
  { file, credentialsDir }: { file: string; credentialsDir: string | null },
): Promise<KeyObject> {
  const name = basename(file);
  const handed = await readCredential(credentialsDir, name);
  const what = handed === undefined ? file : `the credential ${name}`;
  const key = parsePrivateKey(handed ?? (await readPrivateFile(file)), what);
  if (publicKeyOf(key).keyid === publicKey.keyid) return key;
  throw new CodedError('key.invalid', `${what} is not the key of the certificate in ${dirname(file)}; restore both`);
}
