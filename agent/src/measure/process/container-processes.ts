import { readlinkSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import type { ProcessIdentity } from './identify-process.js';
import { isGone } from './is-gone.js';
import { listProcesses } from './list-processes.js';
import { readStat } from './read-stat.js';

export interface ContainerProcesses {
  readonly found: readonly { readonly component: string; readonly process: ProcessIdentity }[];
  /** Why some could not be looked at: there may be more. */
  readonly blind: readonly string[];
}

/**
 * All processes of containers, by the pids of their first ones: those that share its PID namespace. A container in the
 * host's own has no other than its first that could be told apart. What has ended meanwhile is passed over.
 * @param firsts component -> pids, as the container runtime tells them
 */
export function containerProcesses(
  procRoot: string,
  firsts: ReadonlyMap<string, readonly number[]>,
): ContainerProcesses {
  const blind = new Set<string>();
  const owners = new Map<string, string>();
  const components = new Map<number, string>();
  // this program runs in the host's, also where process 1 can't be looked into
  const host = namespaceOf(procRoot, '1', new Set()) ?? namespaceOf(procRoot, 'self', blind);
  for (const [component, pids] of firsts) {
    for (const pid of pids) {
      components.set(pid, component);
      const namespace = namespaceOf(procRoot, String(pid), blind);
      if (namespace !== undefined && namespace !== host) owners.set(namespace, component);
    }
  }
  if (owners.size > 0) {
    for (const pid of listProcesses(procRoot, blind)) {
      const owner = owners.get(namespaceOf(procRoot, String(pid), new Set()) ?? '');
      if (owner !== undefined) components.set(pid, owner);
    }
  }
  const found = [...components].flatMap(([pid, component]) => {
    const file = readStat(`${procRoot}/${String(pid)}`);
    if (file.state === 'unreadable') blind.add(file.reason);
    return file.state === 'read' ? [{ component, process: { pid, startTime: file.stat.startTime } }] : [];
  });
  return { found, blind: [...blind].sort() };
}

/** `pid:[4026531836]`; undefined for a process that has ended, and for one that can't be looked into. */
function namespaceOf(procRoot: string, pid: string, blind: Set<string>): string | undefined {
  try {
    return readlinkSync(`${procRoot}/${pid}/ns/pid`);
  } catch (error) {
    if (!isGone(error)) blind.add(`the namespace of a process: ${unreadableReason(error)}`);
    return undefined;
  }
}
