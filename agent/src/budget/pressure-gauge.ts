import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { HostPressure } from '@sealwatch/shared/statement/scan-spending.js';
import { deviceBusyMs, waitingForDisk, waitingForProcessor } from './parse-host-load.js';
import { parseStall } from './parse-stall.js';

/** Reading costs some tens of microseconds; the kernel's means move slowly anyway. */
const LOOK_EVERY_MS = 1000;
/** Disk times of longer ago would tell of another time. */
const OLDEST_SAMPLE_MS = 10_000;

const UNKNOWN: HostPressure = { source: 'unknown', cpu: null, io: null, memory: null };

interface DiskSample {
  /** Monotonic. */
  readonly at: number;
  readonly busyMs: ReadonlyMap<string, number>;
}

/** How much work on this host waits for processors, disks and memory. Looks at most once a second, and only when asked. */
export class PressureGauge {
  readonly #clock: Clock;
  readonly #procRoot: string;
  readonly #processors: number = cpus().length;
  #last: { readonly at: number; readonly pressure: HostPressure } | undefined;
  #disks: DiskSample | undefined;

  constructor(deps: { clock: Clock; procRoot?: string }) {
    this.#clock = deps.clock;
    this.#procRoot = deps.procRoot ?? '/proc';
  }

  now(): HostPressure {
    const at = this.#clock.monotonic();
    if (this.#last === undefined || at - this.#last.at >= LOOK_EVERY_MS) {
      this.#last = { at, pressure: this.#stalls() ?? this.#load(at) };
    }
    return this.#last.pressure;
  }

  /** Undefined on kernels before 4.20, and where it is switched off (RHEL without psi=1): files that can't be read. */
  #stalls(): HostPressure | undefined {
    const of = (resource: string): number | null => {
      const text = this.#read(`pressure/${resource}`);
      return rounded(text === undefined ? undefined : parseStall(text));
    };
    const pressure: HostPressure = { source: 'psi', cpu: of('cpu'), io: of('io'), memory: of('memory') };
    return pressure.cpu === null && pressure.io === null && pressure.memory === null ? undefined : pressure;
  }

  #load(at: number): HostPressure {
    const loadavg = this.#read('loadavg');
    const cpu = rounded(loadavg === undefined ? undefined : waitingForProcessor(loadavg, this.#processors));
    const io = rounded(this.#diskLoad(at));
    return cpu === null && io === null ? UNKNOWN : { source: 'load', cpu, io, memory: null };
  }

  /** Undefined the first time: it takes two looks to tell. */
  #diskLoad(at: number): number | undefined {
    const before = this.#disks;
    const diskstats = this.#read('diskstats');
    if (diskstats === undefined) return undefined;
    this.#disks = { at, busyMs: deviceBusyMs(diskstats) };
    if (before === undefined || at - before.at > OLDEST_SAMPLE_MS) return undefined;
    return waitingForDisk(before.busyMs, this.#disks.busyMs, at - before.at);
  }

  #read(name: string): string | undefined {
    try {
      return readFileSync(join(this.#procRoot, name), 'latin1');
    } catch {
      return undefined;
    }
  }
}

function rounded(percent: number | undefined): number | null {
  return percent === undefined ? null : Math.round(percent);
}
