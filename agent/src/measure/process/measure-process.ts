import { type BigIntStats, closeSync, readlinkSync, statSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import { MAX_PRELOADS, type ProcessFacts } from '@sealwatch/shared/proc/process-facts.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import type { CycleMemory } from './cycle-memory.js';
import { hashOnce } from './hash-once.js';
import type { ProcessIdentity } from './identify-process.js';
import { isGone } from './is-gone.js';
import { linkerDirectories } from './linker-directories.js';
import { liveDirectory } from './live-directory.js';
import { locateOnDisk } from './locate-on-disk.js';
import { measureCode } from './measure-code.js';
import { environmentFacts, readEnvironment } from './read-environment.js';
import { readMountsOver } from './read-mounts-over.js';
import { readPlace } from './read-place.js';
import { readPreloadList } from './read-preload-list.js';
import { readTracer } from './read-tracer.js';
import type { MeasuringOptions } from './measuring-options.js';
import { ChangedMeanwhile, EndedMeanwhile } from './meanwhile.js';
import { openLinkedFile } from './open-linked-file.js';
import { findPreloads } from './preloads.js';
import { readExecutableMappings } from './read-executable-mappings.js';
import { readStat } from './read-stat.js';

export interface ProcessMeasuring extends MeasuringOptions {
  readonly process: ProcessIdentity;
  /** The procfs in which the pid is counted: `/proc`. */
  readonly procRoot: string;
  /** Where the host's file system is seen from here: `/proc/1/root`. */
  readonly hostRoot: string;
  readonly memory: CycleMemory;
}

export type ProcessObservation =
  | { readonly state: 'running'; readonly facts: ProcessFacts }
  /** Before or while it was measured: no finding. */
  | { readonly state: 'ended' }
  | { readonly state: 'unreadable'; readonly reason: string };

const ATTEMPTS = 5;
/** A program that has just started is done with its libraries by then. */
const SETTLE_MS = 20;

/**
 * Everything about one process, pinned: it started when it was said to, before and after, and ran the same executable.
 * One that executes another program or unmaps a library meanwhile is measured again, a bounded number of times.
 * @throws CodedError('request.cancelled') once `signal` is aborted, nothing else
 */
export async function measureProcess(input: ProcessMeasuring): Promise<ProcessObservation> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await measureOnce(input);
    } catch (error) {
      if (error instanceof EndedMeanwhile && !isStill(input)) return { state: 'ended' };
      // memory that is nobody's, of a process that is still there: it executes another program
      if (!(error instanceof EndedMeanwhile) && !(error instanceof ChangedMeanwhile)) throw error;
      if (attempt === ATTEMPTS) return { state: 'unreadable', reason: 'changed while being read' };
    }
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}

function directoryOf({ procRoot, process }: ProcessMeasuring): string {
  return `${procRoot}/${String(process.pid)}`;
}

function isStill(input: ProcessMeasuring): boolean {
  const now = readStat(directoryOf(input));
  if (now.state !== 'read') return now.state === 'unreadable';
  if (now.stat.startTime !== input.process.startTime) return false;
  return liveDirectory(directoryOf(input), now.stat).state !== 'ended';
}

async function measureOnce(input: ProcessMeasuring): Promise<ProcessObservation> {
  const before = readStat(directoryOf(input));
  if (before.state === 'unreadable') return before;
  if (before.state === 'gone' || before.stat.startTime !== input.process.startTime) return { state: 'ended' };
  const live = liveDirectory(directoryOf(input), before.stat);
  if (live.state !== 'live') return live;
  const { directory } = live;
  const executable = openLinkedFile(`${directory}/exe`);
  if (executable.state === 'gone') throw new EndedMeanwhile();
  if (executable.state === 'unreadable') return { state: 'unreadable', reason: executable.reason };
  try {
    const observation = await measureOpened(input, directory, executable);
    if (!isStill(input)) return { state: 'ended' };
    if (!isExecutable(directory, executable.stat)) throw new ChangedMeanwhile();
    return observation;
  } finally {
    closeSync(executable.fd);
  }
}

function isExecutable(directory: string, { dev, ino }: BigIntStats): boolean {
  try {
    const now = statSync(`${directory}/exe`, { bigint: true });
    return now.dev === dev && now.ino === ino;
  } catch (error) {
    if (isGone(error)) throw new EndedMeanwhile();
    return false;
  }
}

async function measureOpened(
  input: ProcessMeasuring,
  directory: string,
  executable: { readonly fd: number; readonly stat: BigIntStats },
): Promise<ProcessObservation> {
  const { procRoot, hostRoot, memory } = input;
  const link = readExecutableLink(directory);
  if (link.state === 'unreadable') return link;
  const place = readPlace(procRoot, hostRoot, directory);
  if (place.root.state === 'unreadable') return place.root;
  const root = place.root.value;
  const ownRoot = root === 'host' ? hostRoot : `${directory}/root`;
  // the kernel names files as its mount namespace sees them: a chroot does not change that, a container does
  const inHostNamespace = place.mountNamespace.state === 'known' && place.mountNamespace.value === 'host';
  const seenFrom = inHostNamespace ? hostRoot : ownRoot;
  const mappings = readExecutableMappings(directory);
  if (mappings.state === 'unreadable') return mappings;
  const located = await locateOnDisk(seenFrom, link.path, executable.stat, memory, input);
  const environment = readEnvironment(directory);
  const preload = await readPreloadList(ownRoot);
  const preloads = await findPreloads(
    ownRoot,
    environment.state === 'known' ? environment.value : [],
    preload.state === 'known' ? preload.value : [],
  );
  const directories =
    root === 'host'
      ? (memory.linkerDirectories ??= await linkerDirectories(hostRoot))
      : await linkerDirectories(ownRoot);
  const code = await measureCode(
    mappings.mappings,
    {
      directory,
      root: seenFrom,
      inHostRoot: seenFrom === hostRoot,
      executable: executable.stat,
      preloads,
      linkerDirectories: directories,
      memory,
    },
    input,
  );
  return {
    state: 'running',
    facts: {
      executable: {
        path: pathText(located.path),
        digest: await hashOnce(executable.fd, executable.stat, memory, input),
        onDisk: located.onDisk,
      },
      ...code,
      environment:
        environment.state === 'known' ? { state: 'known', value: environmentFacts(environment.value) } : environment,
      preload:
        preload.state === 'known'
          ? { state: 'known', value: preload.value.slice(0, MAX_PRELOADS).map((name) => pathText(name)) }
          : preload,
      tracer: readTracer(procRoot, directory),
      root,
      mountNamespace: place.mountNamespace,
      mounts: readMountsOver(located.path, procRoot, directory, { root, mountNamespace: place.mountNamespace }, memory),
    },
  };
}

type ExecutableLink =
  { readonly state: 'read'; readonly path: Buffer } | { readonly state: 'unreadable'; readonly reason: string };

function readExecutableLink(directory: string): ExecutableLink {
  try {
    return { state: 'read', path: readlinkSync(`${directory}/exe`, { encoding: 'buffer' }) };
  } catch (error) {
    if (isGone(error)) throw new EndedMeanwhile();
    return { state: 'unreadable', reason: unreadableReason(error) };
  }
}
