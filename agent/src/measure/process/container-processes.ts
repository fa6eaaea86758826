import { readlinkSync } from 'node:fs';
import { identifyProcess, type ProcessIdentity } from './identify-process.js';
import { listProcesses } from './list-processes.js';

/**
 * All processes of containers, by the pids of their first ones: those that share its PID namespace. A container in the
 * host's own has no other than its first that could be told apart.
 * @param firsts component -> pids, as the container runtime tells them
 */
export function containerProcesses(
  procRoot: string,
  firsts: ReadonlyMap<string, readonly number[]>,
): { component: string; process: ProcessIdentity }[] {
  const owners = new Map<string, string>();
  const found = new Map<number, string>();
  const host = pidNamespace(procRoot, 1);
  for (const [component, pids] of firsts) {
    for (const pid of pids) {
      found.set(pid, component);
      const namespace = pidNamespace(procRoot, pid);
      if (namespace !== undefined && host !== undefined && namespace !== host) owners.set(namespace, component);
    }
  }
  if (owners.size > 0) {
    for (const pid of listProcesses(procRoot, new Set())) {
      const owner = owners.get(pidNamespace(procRoot, pid) ?? '');
      if (owner !== undefined) found.set(pid, owner);
    }
  }
  return [...found].flatMap(([pid, component]) => {
    const process = identifyProcess(procRoot, pid);
    return process === undefined ? [] : [{ component, process }];
  });
}

function pidNamespace(procRoot: string, pid: number): string | undefined {
  try {
    return readlinkSync(`${procRoot}/${String(pid)}/ns/pid`);
  } catch {
    return undefined;
  }
}
