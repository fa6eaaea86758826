import { readdirSync, readlinkSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { ContainerOwners, type FirstProcesses } from '../measure/process/container-owners.js';
import { type PreparedWanted, prepareWanted, type WantedProcesses } from '../measure/process/wanted-processes.js';
import type { Disturbance } from './disturbance.js';
import { lastPid } from './last-pid.js';
import { type ProcessRoles, rolesOf, rootIdOf } from './process-roles.js';

export interface ProcessStartsDeps {
  /** Where the host's file system is seen from here: `/proc/1/root`. */
  readonly hostRoot: string;
  /** As of the last look at images: another map after each. */
  readonly containerPids: () => FirstProcesses;
  readonly onDisturbed: (disturbance: Disturbance) => void;
  readonly log: Logger;
  /** Default: `/proc`. */
  readonly procRoot?: string;
  /** Milliseconds; default: 1000. */
  readonly intervalMs?: number;
}

export interface ProcessStartsState {
  /** Of components, at the last look. */
  readonly processes: number;
  /** Why new ones can't be seen; null: they are. */
  readonly blind: string | null;
}

const EVERY_MS = 1000;
/** What has just begun is mostly what began it, until it calls exec. */
const LOOKS_WHILE_YOUNG = 5;
/** More that begin within a few seconds are looked at in turn with all others. */
const MAX_YOUNG = 1000;
/** All others are looked at once within so many looks: any of them can call exec, too. */
const LOOKS_FOR_ALL = 30;

/**
 * Notices that a process of a component, on the host or in a container, began, ended or became another program. Nothing tells this without a module of
 * native code, so every second one small file is read, and the list of processes only if there is a new one.
 */
export class ProcessStarts {
  readonly #deps: ProcessStartsDeps;
  readonly #procRoot: string;
  readonly #loadavg: Buffer = Buffer.alloc(128);
  #wanted: readonly PreparedWanted[] = [];
  #wantedKey = '[]';
  #host: string | undefined;
  /** Where the kernel says the executable of each is: only one that has another is looked at again. */
  #links = new Map<number, string>();
  /** Looks left. */
  readonly #young = new Map<number, number>();
  readonly #ofComponents = new Map<number, ProcessRoles>();
  #firsts: FirstProcesses = new Map();
  #containers: ContainerOwners | undefined;
  #blind: string | null = null;
  #last: number | undefined;
  #next: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(deps: ProcessStartsDeps) {
    this.#deps = deps;
    this.#procRoot = deps.procRoot ?? '/proc';
  }

  /**
   * Follows the processes of these components and no others; to be called at each scan, since their programs may be
   * other files by now. What runs when this resolves is taken for known. Cheap if nothing changed. Never rejects.
   */
  async follow(wanted: readonly WantedProcesses[]): Promise<void> {
    const { hostRoot, intervalMs = EVERY_MS } = this.#deps;
    const prepared = await Promise.all(wanted.map((one) => prepareWanted(one, hostRoot)));
    const host = rootIdOf(hostRoot);
    const key = keyOf(prepared, host);
    if (this.#stopped || key === this.#wantedKey) return;
    this.#wanted = prepared;
    this.#wantedKey = key;
    this.#host = host;
    this.#begin();
    clearInterval(this.#timer);
    this.#timer = wanted.length === 0 ? undefined : this.#every(intervalMs);
  }

  state(): ProcessStartsState {
    return { processes: this.#ofComponents.size, blind: this.#blind };
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  #begin(): void {
    this.#last = lastPid(this.#procRoot, this.#loadavg);
    this.#young.clear();
    this.#ofComponents.clear();
    this.#links.clear();
    if (this.#wanted.length === 0) return;
    this.#takeInContainers();
    for (const pid of this.#list()) {
      this.#links.set(pid, this.#linkOf(pid));
      this.#assign(pid);
    }
  }

  #every(intervalMs: number): NodeJS.Timeout {
    const timer = setInterval(() => {
      this.#look();
    }, intervalMs);
    return timer.unref();
  }

  #look(): void {
    const last = lastPid(this.#procRoot, this.#loadavg);
    const before = this.#last;
    this.#last = last;
    // the numbers began anew: any of them may be another process's
    const isAnew = last !== undefined && before !== undefined && last < before;
    if (last === undefined || last !== before) this.#takeIn(this.#list(), isAnew);
    const disturbed = new Set(this.#takeInContainers());
    const some = [...this.#ofComponents.keys(), ...this.#young.keys(), ...this.#someOthers()];
    let isFirst = false;
    for (const pid of isAnew ? [...this.#links.keys(), ...some] : some) {
      const link = this.#linkOf(pid);
      if (link === this.#links.get(pid)) continue;
      this.#links.set(pid, link);
      if (this.#compare(pid, disturbed)) isFirst ||= this.#containers?.isFirst(pid) === true;
    }
    for (const [pid, left] of this.#young) {
      if (left === 1) this.#young.delete(pid);
      else this.#young.set(pid, left - 1);
    }
    if (disturbed.size > 0) this.#deps.onDisturbed({ kind: 'processes', components: [...disturbed].sort() });
    // what a container's first process is, is asked of its image
    if (isFirst) this.#deps.onDisturbed({ kind: 'images' });
  }

  /** Components whose containers are others since the last look at images. What runs in them is known then. */
  #takeInContainers(): ReadonlySet<string> {
    const [before, now] = [this.#firsts, this.#deps.containerPids()];
    this.#firsts = now;
    const changed = before === now ? NONE : otherThan(before, now);
    if (changed.size === 0) return changed;
    this.#containers = now.size === 0 ? undefined : new ContainerOwners(this.#procRoot, now, new Set());
    const isOne = (component: string | undefined): boolean => component !== undefined && changed.has(component);
    for (const pid of this.#links.keys()) {
      const was = this.#ofComponents.get(pid)?.components ?? [];
      if (!was.some(isOne) && !isOne(this.#containers?.ownerOf(pid))) continue;
      this.#links.set(pid, this.#linkOf(pid));
      this.#assign(pid);
    }
    return changed;
  }

  #takeIn(pids: readonly number[], isAnew: boolean): void {
    const links = new Map<number, string>();
    for (const pid of pids) {
      const known = this.#links.get(pid);
      links.set(pid, isAnew ? UNSEEN : (known ?? UNSEEN));
      if (known === undefined && this.#young.size < MAX_YOUNG) this.#young.set(pid, LOOKS_WHILE_YOUNG);
    }
    this.#links = links;
    if (isAnew) this.#next = [];
  }

  #someOthers(): number[] {
    if (this.#next.length === 0) this.#next = [...this.#links.keys()];
    return this.#next.splice(0, Math.ceil(this.#links.size / LOOKS_FOR_ALL));
  }

  /** Whether it is another now. */
  #compare(pid: number, disturbed: Set<string>): boolean {
    const before = this.#ofComponents.get(pid);
    const now = this.#assign(pid);
    if (isSame(before, now)) return false;
    for (const component of [...(before?.components ?? []), ...(now?.components ?? [])]) disturbed.add(component);
    return true;
  }

  #assign(pid: number): ProcessRoles | undefined {
    const roles = rolesOf(pid, {
      procRoot: this.#procRoot,
      wanted: this.#wanted,
      host: this.#host,
      containers: this.#containers,
    });
    if (roles === undefined) this.#ofComponents.delete(pid);
    else this.#ofComponents.set(pid, roles);
    return roles;
  }

  /** Empty for a thread of the kernel, one that has ended, and one that can't be read. */
  #linkOf(pid: number): string {
    try {
      return readlinkSync(`${this.#procRoot}/${String(pid)}/exe`, { encoding: 'latin1' });
    } catch {
      return '';
    }
  }

  #list(): number[] {
    try {
      const names = readdirSync(this.#procRoot, { encoding: 'latin1' });
      this.#blind = null;
      return names.flatMap((name) => (/^[1-9]\d*$/.test(name) ? Number(name) : []));
    } catch (error) {
      const reason = `the list of processes: ${unreadableReason(error)}`;
      if (this.#blind === null) this.#deps.log.warn({ reason }, 'New processes are not seen; scans look for them');
      this.#blind = reason;
      return [];
    }
  }
}

/** The link of no process. */
const UNSEEN = '\0';
const NONE: ReadonlySet<string> = new Set();

function otherThan(before: FirstProcesses, now: FirstProcesses): ReadonlySet<string> {
  const pidsOf = (firsts: FirstProcesses, component: string): string =>
    [...(firsts.get(component) ?? [])].sort().join();
  const components = [...before.keys(), ...now.keys()];
  return new Set(components.filter((component) => pidsOf(before, component) !== pidsOf(now, component)));
}

function isSame(before: ProcessRoles | undefined, now: ProcessRoles | undefined): boolean {
  if (before === undefined || now === undefined) return before === now;
  return before.identity === now.identity && before.link.equals(now.link);
}

function keyOf(wanted: readonly PreparedWanted[], host: string | undefined): string {
  const texts = wanted.map(({ component, paths, files, units }) => [
    component,
    paths.map((path) => path.toString('latin1')),
    [...files].sort(),
    [...units],
  ]);
  return JSON.stringify([texts, host]);
}
