import { readlinkSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import { isGone } from './is-gone.js';

/** component -> pids of its containers' first processes, as the container runtime tells them. */
export type FirstProcesses = ReadonlyMap<string, readonly number[]>;

/** Whose container a process is in: the one whose first process shares its PID namespace. */
export class ContainerOwners {
  readonly #procRoot: string;
  readonly #byPid = new Map<number, string>();
  readonly #byNamespace = new Map<string, string>();

  /** @param blind gets why some could not be looked at: there may be more */
  constructor(procRoot: string, firsts: FirstProcesses, blind: Set<string>) {
    this.#procRoot = procRoot;
    // this program runs in the host's, also where process 1 can't be looked into
    const host = namespaceOf(procRoot, '1', new Set()) ?? namespaceOf(procRoot, 'self', blind);
    for (const [component, pids] of firsts) {
      for (const pid of pids) {
        this.#byPid.set(pid, component);
        const namespace = namespaceOf(procRoot, String(pid), blind);
        if (namespace !== undefined && namespace !== host) this.#byNamespace.set(namespace, component);
      }
    }
  }

  isFirst(pid: number): boolean {
    return this.#byPid.has(pid);
  }

  /**
   * Undefined also for a process that has ended, and one that can't be looked into. A container in the host's own
   * namespace has no other than its first that could be told apart.
   */
  ownerOf(pid: number): string | undefined {
    const owner = this.#byPid.get(pid);
    if (owner !== undefined || this.#byNamespace.size === 0) return owner;
    return this.#byNamespace.get(namespaceOf(this.#procRoot, String(pid), new Set()) ?? '');
  }
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
