import { fstatSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import { pathBytes } from '@sealwatch/shared/subject/path-text.js';
import { fileId } from './file-id.js';
import type { Look } from './look-at-process.js';
import { readProcFile } from './read-proc-file.js';

/** TASK_COMM_LEN without its NUL. */
const COMM_BYTES = 15;
const MAX_COMMAND_BYTES = 8 * 1024 * 1024;

/** How a component's processes are known on the host. Containers' are known to their runtime, not here. */
export interface WantedProcesses {
  readonly component: string;
  /** Path texts, below the host root. */
  readonly executables: readonly string[];
  /** `kubelet.service` */
  readonly units: readonly string[];
}

/** The same, ready to be compared. */
export interface PreparedWanted {
  readonly component: string;
  readonly paths: readonly Buffer[];
  /** `dev:ino` of what is at the paths now. */
  readonly files: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
}

export async function prepareWanted(
  { component, executables, units }: WantedProcesses,
  hostRoot: string,
): Promise<PreparedWanted> {
  const paths = executables.flatMap((text) => pathBytes(text) ?? []);
  const files = new Set<string>();
  const real: Buffer[] = [];
  for (const path of paths) {
    const opened = await openBelow(hostRoot, path);
    if (opened.state !== 'opened') continue;
    files.add(fileId(fstatSync(opened.fd, { bigint: true })));
    real.push(opened.realPath);
    await opened.close();
  }
  return {
    component,
    paths: [...paths, ...real],
    files,
    names: new Set(paths.map((path) => commOf(path))),
    units: new Set(units),
  };
}

/** The name the kernel gives a process that executes a file: its last step, cut. */
function commOf(path: Buffer): string {
  return Buffer.from(basename(path.toString('latin1')), 'latin1').toString('latin1', 0, COMM_BYTES);
}

type Seen = Extract<Look, { state: 'seen' }>;

/** How a process was found; see `FoundProcess`. */
export type FoundBy = 'executable' | 'name' | 'unit';

/** @param host the `fileId` of the host's root */
export function matches(seen: Seen, wanted: PreparedWanted, host: string | undefined): FoundBy | undefined {
  if (wanted.files.has(seen.file)) return 'executable';
  const { link, directory } = seen;
  if (wanted.paths.some((path) => isNameOf(link, path)) && isIn(directory, host)) return 'executable';
  const comm = seen.stat.comm.toString('latin1');
  if (wanted.names.has(comm) && startedAs(directory, wanted.paths) && isIn(directory, host)) return 'name';
  return seen.unit !== null && wanted.units.has(seen.unit) ? 'unit' : undefined;
}

/** Whether a process's paths are the host's: a container has a `/usr/bin` of its own. One that just ended is in none. */
function isIn(directory: string, host: string | undefined): boolean {
  try {
    return fileId(statSync(`${directory}/root`, { bigint: true })) === host;
  } catch {
    return false;
  }
}

const DELETED = Buffer.from(' (deleted)');

function isNameOf(link: Buffer, path: Buffer): boolean {
  if (link.length === path.length) return link.equals(path);
  return (
    link.length === path.length + DELETED.length &&
    link.subarray(0, path.length).equals(path) &&
    link.subarray(path.length).equals(DELETED)
  );
}

/** Whether the first argument is one of the paths, as it is for what a unit file or a shell starts by its full path. */
function startedAs(directory: string, paths: readonly Buffer[]): boolean {
  const arguments_ = readProcFile(`${directory}/cmdline`, MAX_COMMAND_BYTES);
  if (arguments_.state !== 'read') return false;
  const nul = arguments_.bytes.indexOf(0);
  const first = nul === -1 ? arguments_.bytes : arguments_.bytes.subarray(0, nul);
  return paths.some((path) => path.equals(first));
}
