import { closeSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { moduleFactsOf } from '@sealwatch/shared/binary/module-facts.js';
import { observeProcess } from '@sealwatch/shared/binary/observe-process.js';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import type { SeenProgram } from '@sealwatch/shared/measurement/module-measurement.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import { fileId } from '../process/file-id.js';
import type { ProcessIdentity } from '../process/identify-process.js';
import { isGone } from '../process/is-gone.js';
import { liveDirectory } from '../process/live-directory.js';
import { ChangedMeanwhile, EndedMeanwhile } from '../process/meanwhile.js';
import { openLinkedFile } from '../process/open-linked-file.js';
import { readEnvironment } from '../process/read-environment.js';
import { readStat } from '../process/read-stat.js';
import { examineFile, type Examining } from './examine-file.js';
import { moduleVariables } from './module-variables.js';

/** One process: the file that it runs, and what its memory holds. Ended: none. */
export type ProcessExamination =
  { readonly state: 'ended' } | { readonly state: 'seen'; readonly programs: readonly SeenProgram[] };

const ATTEMPTS = 3;

/** Pinned as `measureProcess` is: the same process and the same executable, before and after. Never throws. */
export async function examineProcess(
  process: ProcessIdentity,
  procRoot: string,
  examining: Examining,
): Promise<ProcessExamination> {
  const directory = `${procRoot}/${String(process.pid)}`;
  for (let attempt = 1; ; attempt++) {
    try {
      const examination = await examineOnce(process, directory, examining);
      const after = readStat(directory);
      if (after.state === 'gone' || (after.state === 'read' && after.stat.startTime !== process.startTime)) break;
      return examination;
    } catch (error) {
      if (error instanceof EndedMeanwhile || isGone(error)) break;
      const reason = error instanceof ChangedMeanwhile ? 'changed while being read' : unreadableReason(error);
      if (error instanceof ChangedMeanwhile && attempt < ATTEMPTS) continue;
      return unreadable('', reason);
    }
  }
  return { state: 'ended' };
}

async function examineOnce(process: ProcessIdentity, place: string, examining: Examining): Promise<ProcessExamination> {
  const before = readStat(place);
  if (before.state === 'unreadable') return unreadable('', before.reason);
  if (before.state === 'gone' || before.stat.startTime !== process.startTime) return { state: 'ended' };
  const live = liveDirectory(place, before.stat);
  if (live.state === 'ended') return live;
  if (live.state === 'unreadable') return unreadable('', live.reason);
  const { directory } = live;
  const executable = openLinkedFile(`${directory}/exe`);
  if (executable.state === 'gone') return { state: 'ended' };
  if (executable.state === 'unreadable') return unreadable('', executable.reason);
  try {
    const path = withoutMark(pathText(readlinkSync(`${directory}/exe`, { encoding: 'buffer' })));
    const file = await examineFile(executable.fd, executable.stat, examining);
    const onDisk: SeenProgram =
      file.state === 'program' ? { where: 'file', path, ...file, variables: null } : { where: 'file', path, ...file };
    if (file.state !== 'program') return { state: 'seen', programs: [onDisk] };
    const environment = readEnvironment(directory);
    const { observation } = await observeProcess(Number(basename(directory)), dirname(directory), examining);
    if (fileId(statSync(`${directory}/exe`, { bigint: true })) !== fileId(executable.stat))
      throw new ChangedMeanwhile();
    if (observation.state !== 'program') {
      return { state: 'seen', programs: [onDisk, { where: 'process', path, ...observation }] };
    }
    const variables =
      environment.state === 'known'
        ? ({ state: 'known', value: moduleVariables(environment.value) } as const)
        : environment;
    const facts = moduleFactsOf(observation.facts);
    const inMemory = { where: 'process', path, state: 'program', digest: file.digest, facts, variables } as const;
    return { state: 'seen', programs: [onDisk, inMemory] };
  } finally {
    closeSync(executable.fd);
  }
}

/** The kernel's, on a file that is not at its path any more. */
function withoutMark(path: string): string {
  return path.replace(/ \(deleted\)$/, '');
}

function unreadable(path: string, reason: string): ProcessExamination {
  return { state: 'seen', programs: [{ where: 'process', path, state: 'unreadable', reason }] };
}
