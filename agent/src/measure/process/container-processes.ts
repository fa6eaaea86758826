import { ContainerOwners, type FirstProcesses } from './container-owners.js';
import type { ProcessIdentity } from './identify-process.js';
import { listProcesses } from './list-processes.js';
import { readStat } from './read-stat.js';

export interface ContainerProcesses {
  readonly found: readonly { readonly component: string; readonly process: ProcessIdentity }[];
  /** Why some could not be looked at: there may be more. */
  readonly blind: readonly string[];
}

/** All processes of containers, by the pids of their first ones. What has ended meanwhile is passed over. */
export function containerProcesses(procRoot: string, firsts: FirstProcesses): ContainerProcesses {
  if (firsts.size === 0) return { found: [], blind: [] };
  const blind = new Set<string>();
  const owners = new ContainerOwners(procRoot, firsts, blind);
  const found = listProcesses(procRoot, blind).flatMap((pid) => {
    const component = owners.ownerOf(pid);
    if (component === undefined) return [];
    const file = readStat(`${procRoot}/${String(pid)}`);
    if (file.state === 'unreadable') blind.add(file.reason);
    return file.state === 'read' ? [{ component, process: { pid, startTime: file.stat.startTime } }] : [];
  });
  return { found, blind: [...blind].sort() };
}
