import { statSync } from 'node:fs';
import type { ContainerOwners } from '../measure/process/container-owners.js';
import { fileId } from '../measure/process/file-id.js';
import { lookAtProcess } from '../measure/process/look-at-process.js';
import { matches, type PreparedWanted } from '../measure/process/wanted-processes.js';

/** What a process is to the components: a text to compare, since the same number may come to be another program. */
export interface ProcessRoles {
  readonly components: readonly string[];
  /** The process and the program it runs. */
  readonly identity: string;
  /** Where the kernel says its executable is. */
  readonly link: Buffer;
}

/** Whose processes there are, and how they are told. */
export interface Roles {
  readonly procRoot: string;
  readonly wanted: readonly PreparedWanted[];
  /** The `fileId` of the host's root. */
  readonly host: string | undefined;
  readonly containers: ContainerOwners | undefined;
}

/** As the scan finds them; undefined if it is of no component, has ended, or can't be read: that the scan says. */
export function rolesOf(pid: number, { procRoot, wanted, host, containers }: Roles): ProcessRoles | undefined {
  const seen = lookAtProcess(`${procRoot}/${String(pid)}`, true);
  if (seen.state !== 'seen') return undefined;
  const { stat, link, file, unit } = seen;
  const onHost = wanted
    .filter((one) => {
      const by = matches(seen, one, host);
      if (by !== 'unit') return by !== undefined;
      // what a unit's program starts is no process of the component
      return unit !== null && stat.parent === 1 && stat.session === pid;
    })
    .map(({ component }) => component);
  const owner = containers?.ownerOf(pid);
  const components = owner === undefined || onHost.includes(owner) ? onHost : [...onHost, owner];
  if (components.length === 0) return undefined;
  return { components, identity: [stat.startTime, file, stat.comm.toString('latin1')].join(' '), link };
}

/** The host's root directory, to tell its processes from those of containers. */
export function rootIdOf(hostRoot: string): string | undefined {
  try {
    return fileId(statSync(hostRoot, { bigint: true }));
  } catch {
    return undefined;
  }
}
