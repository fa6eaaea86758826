/**
 * Ends a child that leads a process group of its own, and whatever it started that stayed in it.
 * @param pid undefined if it could not be started
 */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it ended just now
  }
}
