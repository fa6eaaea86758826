import type { Process } from '../wire/generated/containerd/v1/types/Process.js';

/** A container's first process. `unknown` is a state this version has no word for. */
export interface ContainerdTask {
  readonly containerId: string;
  /** As seen from the host; 0 if there is none (any more). */
  readonly pid: number;
  readonly status: 'created' | 'running' | 'stopped' | 'paused' | 'pausing' | 'unknown';
}

const STATUS: ReadonlyMap<unknown, ContainerdTask['status']> = new Map([
  ['CREATED', 'created'],
  ['RUNNING', 'running'],
  ['STOPPED', 'stopped'],
  ['PAUSED', 'paused'],
  ['PAUSING', 'pausing'],
]);

export function toTask(wire: Process): ContainerdTask {
  return {
    containerId: wire.containerId === '' ? wire.id : wire.containerId,
    pid: wire.pid,
    status: STATUS.get(wire.status) ?? 'unknown',
  };
}
