import { linesOf } from './lines.js';

/**
 * The systemd unit a process belongs to, from `/proc/PID/cgroup` (cgroups(7)): `/system.slice/kubelet.service` gives
 * `kubelet.service`. Only slices may stand before it: the same name inside a container or another unit is none of ours.
 * @returns null for no unit; undefined if the bytes are no such table
 */
export function unitOf(bytes: Buffer): string | null | undefined {
  const paths = new Map<string, string>();
  for (const line of linesOf(bytes)) {
    const match = /^(\d{1,10}):([^:]*):(\/.*)$/s.exec(line.toString('utf8'));
    if (match === null) return undefined;
    const [, hierarchy = '', controllers = '', path = ''] = match;
    if (controllers === 'name=systemd') paths.set('systemd', path);
    else if (hierarchy === '0' && controllers === '') paths.set('unified', path);
  }
  // with both, systemd keeps its tree in its own hierarchy and may leave the other at the root
  return unitIn(paths.get('systemd')) ?? unitIn(paths.get('unified')) ?? null;
}

function unitIn(path: string | undefined): string | undefined {
  const steps = (path ?? '').split('/').slice(1);
  const first = steps.find((step) => !step.endsWith('.slice'));
  return first !== undefined && /\.(service|scope)$/.test(first) ? first : undefined;
}
