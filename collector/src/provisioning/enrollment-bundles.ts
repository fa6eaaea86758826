import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { type EnrollmentBundle, parseBundle } from '@sealwatch/shared/trust/enrollment-bundle.js';
import {
  formatToken,
  MAX_TOKEN_TTL_MS,
  newToken,
  parseToken,
  tokenHash,
} from '@sealwatch/shared/trust/enrollment-token.js';
import { certificatePem } from '@sealwatch/shared/x509/pem.js';
import type { Certificate } from '@sealwatch/shared/x509/read-certificate.js';
import { stat, utimes } from 'node:fs/promises';
import { bundleFile } from '../config/operator-directory.js';
import { fileExists } from './file-exists.js';
import { type IssuedToken, recordIssuedTokens } from './issued-tokens.js';
import type { Provisioning } from './provisioning.js';
import { writeBundle } from './write-bundle.js';

interface ClusterRoot {
  readonly clusterId: string;
  readonly root: Certificate;
}

/**
 * One bundle per declared host. A bundle that is there keeps its token and follows the addresses in `cluster.yaml`.
 * @throws CodedError('config.invalid' | 'token.invalid' | 'file.*')
 */
export async function ensureBundles(provisioning: Provisioning, cluster: ClusterRoot): Promise<void> {
  const { directory, config, log, now } = provisioning;
  const missing: string[] = [];
  for (const { name } of config.hosts) {
    const file = bundleFile(directory, name);
    if (!(await fileExists(file))) missing.push(name);
    else await refreshBundle(provisioning, cluster, { file, host: name });
  }
  if (missing.length === 0) return;
  const made = missing.map((host) => newIssuedToken(host, cluster, now));
  // the hash first: a bundle whose token nobody knows would be kept for good
  await recordIssuedTokens(
    directory.collector.tokens,
    made.map(({ record }) => record),
  );
  for (const { text, record } of made) {
    const file = bundleFile(directory, record.host);
    await writeBundle(file, bundleOf(provisioning, cluster, text));
    log.made.push({ file, what: `enrolment bundle of ${record.host}: a secret, good once, until ${record.expiresAt}` });
  }
}

async function refreshBundle(
  provisioning: Provisioning,
  cluster: ClusterRoot,
  { file, host }: { file: string; host: string },
): Promise<void> {
  const { log, now } = provisioning;
  const bundle = parseBundle(await readPrivateFile(file), file);
  const token = parseToken(bundle.token);
  if (
    token.host !== host ||
    token.rootKeyid !== cluster.root.publicKey.keyid ||
    token.clusterId !== cluster.clusterId
  ) {
    throw new CodedError('config.invalid', `${file} is for another host or cluster; remove it and provision again`);
  }
  const { mtime } = await stat(file);
  const wanted = bundleOf(provisioning, cluster, bundle.token);
  if (JSON.stringify(bundle) !== JSON.stringify(wanted)) {
    await writeBundle(file, wanted);
    await utimes(file, mtime, mtime);
    log.renewed.push({ file, what: `enrolment bundle of ${host}: new addresses, same token` });
  }
  // the file is as old as its token
  const expiresAt = mtime.getTime() + MAX_TOKEN_TTL_MS;
  if (expiresAt <= now) {
    log.notices.push(
      `the token in ${file} expired at ${timestamp(expiresAt)}; if ${host} has not enrolled yet: ` +
        `sealwatch tokens create --host ${host}`,
    );
  }
}

function newIssuedToken(
  host: string,
  { clusterId, root }: ClusterRoot,
  now: number,
): { text: string; record: IssuedToken } {
  const text = formatToken(newToken({ clusterId, host, rootKeyid: root.publicKey.keyid }));
  const record = {
    hash: tokenHash(text),
    host,
    createdAt: timestamp(now),
    expiresAt: timestamp(now + MAX_TOKEN_TTL_MS),
    replace: false,
  };
  return { text, record };
}

function bundleOf({ config }: Provisioning, { root }: ClusterRoot, token: string): EnrollmentBundle {
  const { address, enrollAddress } = config.collector;
  return { schema: 'sealwatch/enrollment-bundle/v1', root: certificatePem(root.der), address, enrollAddress, token };
}
