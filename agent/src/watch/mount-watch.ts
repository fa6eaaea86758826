import { closeSync, constants, openSync, readSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { changedMounts } from './changed-mounts.js';
import type { Disturbance } from './disturbance.js';
import { belowRoot, type MountTable, mountTableOf } from './mount-table.js';
import { TableReader } from './table-reader.js';

export interface MountWatchDeps {
  /** Where the host's file system is seen from here: `/proc/1/root`. */
  readonly hostRoot: string;
  /** Something was mounted there or unmounted, below the host root. Says it, if it concerns what is watched. */
  readonly onMounted: (mountPoint: Buffer) => void;
  readonly onDisturbed: (disturbance: Disturbance) => void;
  readonly log: Logger;
  /** Default: that of the host root. */
  readonly table?: MountTable;
  /** Milliseconds; default: 3000. */
  readonly intervalMs?: number;
}

const EVERY_MS = 3000;
/** A host with thousands of containers has a megabyte or two. */
const MAX_BYTES = 16 * 1024 * 1024;
const FIPS_ENABLED = '/proc/sys/crypto/fips_enabled';
/** No file event tells of these. */
const KERNEL_FACTS = [FIPS_ENABLED, '/proc/cmdline'];

/**
 * Asks every few seconds for what the kernel announces to nobody: what is mounted, and its own FIPS switch. A mount that
 * no watched path leads through, as every pod brings some, is no reason to look.
 */
export class MountWatch {
  readonly #deps: MountWatchDeps;
  readonly #rootAt: string;
  readonly #table: TableReader;
  readonly #switch: Buffer = Buffer.alloc(64);
  #timer: NodeJS.Timeout | undefined;
  #isFirst = true;
  #isBlind = false;
  #fipsEnabled: string | undefined;
  #stopped = false;

  constructor(deps: MountWatchDeps) {
    this.#deps = deps;
    const { file, rootAt } = deps.table ?? mountTableOf(deps.hostRoot);
    this.#rootAt = rootAt;
    this.#table = new TableReader({ file, maxBytes: MAX_BYTES });
  }

  /** Looks for the first time; whatever changes from then on is said. */
  start(): void {
    this.#look();
    this.#timer = setInterval(() => {
      this.#look();
    }, this.#deps.intervalMs ?? EVERY_MS);
    this.#timer.unref();
  }

  state(): 'polled' | 'unreadable' {
    return this.#isBlind ? 'unreadable' : 'polled';
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  #look(): void {
    this.#lookAtMounts();
    this.#lookAtSwitch();
    this.#isFirst = false;
  }

  #lookAtMounts(): void {
    const reading = this.#table.read(changedMounts);
    switch (reading.state) {
      case 'unreadable':
        this.#lose(reading.reason);
        return;
      case 'same':
        this.#find();
        return;
      case 'changed':
        if (this.#isFirst) return;
        this.#find();
        for (const place of reading.difference) this.#mounted(place);
    }
  }

  #mounted(place: Buffer): void {
    const below = belowRoot(place, this.#rootAt);
    if (below === undefined || this.#stopped) return;
    const text = below.toString('latin1');
    if (text === '/' || KERNEL_FACTS.some((fact) => fact === text || fact.startsWith(`${text}/`))) {
      this.#deps.onDisturbed({ kind: 'host' });
    }
    this.#deps.onMounted(below);
  }

  #lookAtSwitch(): void {
    const now = this.#readSwitch();
    if (this.#fipsEnabled !== undefined && now !== this.#fipsEnabled && !this.#stopped) {
      this.#deps.onDisturbed({ kind: 'host' });
    }
    this.#fipsEnabled = now;
  }

  /**
   * Its content, or why there is none. Where it leads is the mounts' business, so its path is not walked step by step: a
   * dozen calls that would wake a thread each.
   */
  #readSwitch(): string {
    try {
      const fd = openSync(`${this.#deps.hostRoot}${FIPS_ENABLED}`, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        return this.#switch.toString('latin1', 0, readSync(fd, this.#switch, 0, this.#switch.length, 0));
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      return unreadableReason(error);
    }
  }

  /** Said once, until the table can be read again. */
  #lose(reason: string): void {
    if (this.#isBlind) return;
    this.#isBlind = true;
    this.#deps.log.warn({ reason }, 'The mount table cannot be read; scans see what is mounted');
    this.#deps.onDisturbed({ kind: 'everything', reason: `the mount table: ${reason}` });
  }

  #find(): void {
    if (!this.#isBlind) return;
    this.#isBlind = false;
    this.#deps.log.info('The mount table can be read again');
    // nothing tells what the table was meanwhile
    this.#deps.onDisturbed({ kind: 'everything', reason: 'the mount table can be read again' });
  }
}
