import { printable } from '@sealwatch/shared/runtime/printable.js';
import { relative } from 'node:path';
import type { Provisioned } from '../provisioning/provision.js';
import type { ProvisionedFile } from '../provisioning/provisioning.js';

/** What `provision` did, for people; files relative to where they are. */
export function provisioningText({ inception, made, renewed, notices }: Provisioned, cwd: string): string {
  const { clusterName, clusterId, mode, createdAt } = inception;
  const listed = (verb: string, files: readonly ProvisionedFile[]): string[] =>
    files.map(({ file, what }) => `${verb} ${printable(relative(cwd, file))}\n    ${printable(what)}`);
  return [
    `Cluster ${printable(clusterName)} [${clusterId}], mode ${mode} since ${createdAt}`,
    ...listed('made', made),
    ...listed('renewed', renewed),
    ...(made.length + renewed.length === 0 ? ['Everything is there already; nothing was changed.'] : []),
    ...notices.map((notice) => `note: ${printable(notice)}`),
    '',
  ].join('\n');
}
