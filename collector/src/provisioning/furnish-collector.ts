import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFile, readPrivateFileIfThere, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import type { ClusterConfig } from '../config/cluster-config.js';
import type { Provisioning } from './provisioning.js';

/**
 * What the collector must know and may know: whom to trust and where to listen.
 * @throws CodedError('inception.mismatch') if its copies are of another cluster; CodedError('file.*' | 'store.*')
 */
export async function furnishCollector(provisioning: Provisioning): Promise<void> {
  const { directory, config } = provisioning;
  const { collector } = directory;
  await copyTrust(provisioning, directory.rootCertificate, collector.rootCertificate);
  await copyTrust(provisioning, directory.inception, collector.inception);
  const present = await readPrivateFileIfThere(collector.settings);
  const wanted = settingsText(config.collector);
  if (present?.toString('utf8') === wanted) return;
  await writePrivateFile(collector.settings, wanted);
  const changed = present === undefined ? provisioning.log.made : provisioning.log.renewed;
  changed.push({ file: collector.settings, what: "the collector's settings" });
}

async function copyTrust({ log }: Provisioning, from: string, to: string): Promise<void> {
  const original = await readPrivateFile(from);
  const copy = await readPrivateFileIfThere(to);
  if (copy?.equals(original) === true) return;
  if (copy !== undefined) {
    throw new CodedError('inception.mismatch', `${to} is no copy of ${from}; whose cluster is it? Restore both`);
  }
  await writePrivateFile(to, original);
  log.made.push({ file: to, what: "a copy for the collector's machine" });
}

function settingsText({ listen, enrollListen, logLevel }: ClusterConfig['collector']): string {
  return `# Written by sealwatch provision from cluster.yaml; change it there, then provision again.
listen: ${JSON.stringify(listen)}
enrollListen: ${JSON.stringify(enrollListen)}
logLevel: ${logLevel}
`;
}
