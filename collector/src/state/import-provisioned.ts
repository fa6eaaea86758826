import { syncDirectory } from '@sealwatch/shared/runtime/durable-file.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { rm } from 'node:fs/promises';
import type { CollectorStateDirectory } from '../config/operator-directory.js';
import { readIssuedCertificates } from '../provisioning/issued-certificates.js';
import { readIssuedTokens } from '../provisioning/issued-tokens.js';
import type { EnrollmentStore } from '../store/enrollment-store.js';

/**
 * Takes over what `provision` issued before there was a collector to record it. Certificates are read at every start:
 * `provision` adds some when an operator is new. Token hashes are taken over once and their file goes.
 * @throws CodedError('config.invalid' | 'file.*' | 'store.*')
 */
export async function importProvisioned(
  directory: CollectorStateDirectory,
  { store, log }: { store: Pick<EnrollmentStore, 'addToken' | 'recordCertificates'>; log: Logger },
): Promise<void> {
  await store.recordCertificates(await readIssuedCertificates(directory.certificates));
  const tokens = await readIssuedTokens(directory.tokens);
  for (const token of tokens) await store.addToken(token);
  if (tokens.length === 0) return;
  await rm(directory.tokens);
  await syncDirectory(directory.path);
  log.info({ tokens: tokens.length }, 'provisioned tokens taken over');
}
