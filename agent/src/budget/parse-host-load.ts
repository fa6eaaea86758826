/**
 * Percent of the tasks that want a processor and have none, from `/proc/loadavg` (proc_loadavg(5)): the mean of a
 * minute, with those that wait for a disk.
 * @returns undefined if the text is no such file
 */
export function waitingForProcessor(loadavg: string, processors: number): number | undefined {
  const match = /^(\d{1,7}\.\d{2}) /.exec(loadavg);
  if (match === null) return undefined;
  const load = Number(match[1]);
  return load <= processors ? 0 : 100 * (1 - processors / load);
}

/**
 * Milliseconds since boot in which each device had something to do, from `/proc/diskstats`
 * (Documentation/admin-guide/iostats.rst, field 10), by name. Lines that are none are passed over.
 */
export function deviceBusyMs(diskstats: string): Map<string, number> {
  const busy = new Map<string, number>();
  for (const line of diskstats.split('\n')) {
    const fields = line.trim().split(/ +/);
    const [, , name] = fields;
    const milliseconds = fields[12];
    if (name === undefined || milliseconds === undefined || !/^\d{1,15}$/.test(milliseconds)) continue;
    busy.set(name, Number(milliseconds));
  }
  return busy;
}

/**
 * How much the busiest device keeps others waiting, in percent. One that is busy half the time hardly has a queue; one
 * that is always busy has nothing but.
 */
export function waitingForDisk(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  elapsedMs: number,
): number {
  let busiest = 0;
  for (const [name, busyMs] of after) {
    const then = before.get(name);
    // the counter has 32 bits on old kernels and begins anew
    if (then !== undefined && busyMs >= then) busiest = Math.max(busiest, (busyMs - then) / elapsedMs);
  }
  return 100 * Math.max(0, 2 * Math.min(busiest, 1) - 1);
}
